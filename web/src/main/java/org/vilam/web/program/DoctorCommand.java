package org.vilam.web.program;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vilam.web.json.Json;
import org.vilam.web.program.Finding.State;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks over what the server needs. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks over what answering needs: Java, memory, disk, fonts, native libraries, device, models and port. Asks the"
                    + " model to begin with one question. Exit code 1 when something prevents answering."
        },
        footer = {"", "Examples:", "  vilam doctor", "  vilam doctor --json --port 9000", "  vilam doctor --gpu"})
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private Places places = new Places();

    @Option(names = "--json", description = "The findings as JSON on standard output.")
    private boolean json;

    @Option(
            names = "--gpu",
            description = "Also look for GPUs, and compare a forward and a backward pass on each with the CPU.")
    private boolean gpu;

    private record FindingJson(String name, String state, String found, String advice) {}

    private record DoctorJson(boolean answers, List<FindingJson> findings) {}

    @Override
    public Integer call() {
        places.prepare(Runtime.getRuntime().availableProcessors());
        List<Finding> findings = new Doctor(places).look(gpu);
        boolean answers = findings.stream().noneMatch(finding -> finding.state() == State.FAILS);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(Json.write(new DoctorJson(
                    answers,
                    findings.stream()
                            .map(f -> new FindingJson(
                                    f.name(), f.state().name().toLowerCase(Locale.ROOT), f.found(), f.advice()))
                            .toList())));
        } else {
            for (Finding finding : findings) {
                out.printf(
                        Locale.ROOT,
                        "%-6s %-17s %s%n",
                        finding.state().name().toLowerCase(Locale.ROOT),
                        finding.name(),
                        finding.found());
                if (!finding.advice().isEmpty()) {
                    out.printf(Locale.ROOT, "%-6s %-17s -> %s%n", "", "", finding.advice());
                }
            }
            out.println(answers ? "The assistant can answer." : "The assistant cannot answer; see what fails above.");
        }
        out.flush();
        return answers ? 0 : 1;
    }
}
