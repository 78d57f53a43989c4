package org.vilam.grounding.hivg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.DoubleUnaryOperator;
import org.vilam.grounding.oneref.OneRefLoss;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.grounding.parity.PackInputs;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.image.ProcessedImages;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/** The network of a pack: its weights under the official names, through the family's map, in the sizes the family sees in them. */
final class PackModel implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final ParityPack pack;
    final NDManager manager;
    final PackArrays arrays;
    final HiVgConfig config;
    final Parameters parameters;

    PackModel(ParityPack pack, JsonNode packConfig, NDManager manager) {
        this(pack, packConfig, new PackWeights(pack), manager);
    }

    PackModel(ParityPack pack, JsonNode packConfig, TensorSource published, NDManager manager) {
        this.pack = pack;
        this.manager = manager;
        this.arrays = new PackArrays(pack, manager);
        TensorSource named = new HiVgFamily().keyMap().apply(published);
        this.config = HiVgFamily.parse(new HiVgFamily().config(named, unseen(packConfig)));
        this.parameters = HiVgWeights.load(manager, named, config);
        new HiVgModel(parameters.root(), config);
        parameters.loadReport().requireExact();
        parameters.adapters().loadReport().requireExact();
    }

    /** What tensors do not show; the heads of small models are not 64 wide. */
    static ObjectNode unseen(JsonNode packConfig) {
        ObjectNode unseen = JSON.createObjectNode();
        ObjectNode clip = unseen.putObject("clip");
        clip.putObject("text_config").set("num_attention_heads", packConfig.get("text_heads"));
        clip.putObject("vision_config").set("num_attention_heads", packConfig.get("vision_heads"));
        unseen.put("mixup_pretrain", packConfig.path("mixup_pretrain").asBoolean(false));
        return unseen;
    }

    /** The network with one of the policies, over the same weights. */
    HiVgModel network(BridgePolicy policy) {
        return new HiVgModel(parameters.root(), config.with(policy));
    }

    HiVgModel.Output forward(BridgePolicy policy, BiConsumer<String, NDArray> tap) {
        return network(policy)
                .forward(
                        arrays.get("image"),
                        paddingGrid(),
                        PackInputs.integers(pack.io("token_ids"), manager),
                        Mode.INFERENCE,
                        tap);
    }

    NDArray paddingGrid() {
        int grid = config.clip().vision().grid();
        return new ProcessedImages(arrays.get("image"), arrays.get("image_padding_mask"), List.of())
                .paddingGrid(grid, grid);
    }

    /** The terms by the names of the official code's log. */
    Map<String, NDArray> losses(HiVgModel.Output out) {
        NDArray target = arrays.get("gt_box");
        NDArray mask = arrays.get("gt_mask");
        NDArray patches = OneRefLoss.patchTargets(mask, config.clip().vision().grid());
        int side = config.clip().vision().imageSize();
        NDArray enlarged = OneRefLoss.enlarged(out.masks(), side);
        NDArray pixels = mask.reshape(enlarged.getShape());
        Map<String, NDArray> terms = new LinkedHashMap<>();
        terms.put("loss_bbox", HiVgLoss.l1(out.boxes(), target));
        terms.put("loss_giou", HiVgLoss.giou(out.boxes(), target));
        terms.put("loss_contrastive", HiVgLoss.contrastive(out.logitsPerText()));
        terms.put("loss_algin_focal", HiVgLoss.focal(out.similarity(), patches)); // the code's spelling
        terms.put("loss_align_dice", HiVgLoss.dice(out.similarity(), patches));
        terms.put("loss_seg_focal", HiVgLoss.focal(enlarged, pixels));
        terms.put("loss_seg_dice", HiVgLoss.dice(enlarged, pixels));
        return terms;
    }

    static NDArray total(Map<String, NDArray> terms) {
        List<NDArray> all = new ArrayList<>(terms.values());
        NDArray total = all.get(0);
        for (NDArray term : all.subList(1, all.size())) {
            total = total.add(term);
        }
        return total;
    }

    boolean lists(String key) {
        return pack.caseJson().get("tensors").has(key);
    }

    DoubleUnaryOperator tolerance(String key) {
        JsonNode stated = pack.caseJson().get("tolerance");
        double rtol = stated.get("rtol").asDouble();
        double atol = pack.caseJson()
                .get("tensors")
                .get(key)
                .path("atol")
                .asDouble(stated.get("atol").asDouble());
        return v -> atol + rtol * Math.abs(v);
    }

    void assertClose(String key, NDArray actual) {
        arrays.assertClose(key, actual, tolerance(key));
    }

    /** A weight's name here, from its official one with any number of prefixes. */
    static String here(String official) {
        return official.replaceFirst("^clip\\.(base_model\\.model\\.)+", "clip.")
                .replace(".lora_A.default.", ".lora_A.")
                .replace(".lora_B.default.", ".lora_B.");
    }

    @Override
    public void close() {
        parameters.close();
    }
}
