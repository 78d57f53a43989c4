package org.vilam.grounding.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;

/** The gradients that the packs of SimVG and C3VG list: norms of all weights and inputs, and the beginnings of some in full. */
public final class PackGradients {
    private PackGradients() {}

    /**
     * Asserts them all.
     *
     * @param phase what the keys begin with, empty or ending with a dot
     * @param gradients those of the parameters in their order, then those of the inputs
     */
    public static void assertEqual(
            ParityPack pack,
            String phase,
            NDManager manager,
            Parameters parameters,
            List<NDArray> gradients,
            List<String> inputs) {
        PackArrays arrays = new PackArrays(pack, manager);
        double rtol = pack.caseJson().get("tolerance").get("grad_rtol").asDouble();
        List<String> names = parameters.all().stream().map(Parameter::name).toList();
        double[] norms = pack.io(phase + "grad_norms").values();
        double atol = 1e-5 * PackArrays.largest(norms);
        JsonNode listed = pack.caseJson().get("grad_norm_names");
        int compared = 0;
        for (int i = 0; i < listed.size(); i++) {
            int at = names.indexOf(listed.get(i).asText());
            if (at < 0) { // a weight that the network does not use
                assertThat(pack.caseJson().get("parameters_without_gradient")).contains(listed.get(i));
                continue;
            }
            assertThat(norm(gradients.get(at)))
                    .as("norm of the gradient of %s", listed.get(i).asText())
                    .isCloseTo(norms[i], within(rtol * norms[i] + atol));
            compared++;
        }
        assertThat(compared).isEqualTo(names.size());
        for (JsonNode named : pack.caseJson().get("named_gradients")) {
            NDArray gradient =
                    gradients.get(names.indexOf(named.asText())).flatten().get(":64");
            String key = phase + "grad." + named.asText();
            double allowed = rtol * PackArrays.largest(pack.io(key).values());
            arrays.assertClose(key, gradient, v -> allowed);
        }
        for (int i = 0; i < inputs.size(); i++) {
            arrays.assertClose(
                    phase + "grad_norm_input." + inputs.get(i),
                    norm(gradients.get(names.size() + i)),
                    v -> rtol * v + atol);
        }
    }

    private static double norm(NDArray gradient) {
        double sum = 0;
        for (float v : gradient.toFloatArray()) {
            sum += (double) v * v;
        }
        return Math.sqrt(sum);
    }
}
