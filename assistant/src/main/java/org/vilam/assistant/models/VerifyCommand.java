package org.vilam.assistant.models;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Verifies models. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Checks sums, tensors and a forward pass of models; ends with 1 when one is not as it was made.")
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable ModelsCommand models;

    @Parameters(arity = "0..*", paramLabel = "MODEL", description = "The models' names; by default all.")
    private List<String> ids = List.of();

    @Override
    public Integer call() {
        ModelsCommand parent = Objects.requireNonNull(models);
        ModelStore store = parent.store();
        List<String> chosen =
                ids.isEmpty() ? store.list().stream().map(ModelStore.Entry::id).toList() : ids;
        boolean passed = true;
        for (String id : chosen) {
            ModelVerification verification = ModelVerification.of(store.open(id));
            passed &= verification.passed();
            verification
                    .checks()
                    .forEach(check -> parent.out()
                            .println(String.format(
                                    Locale.ROOT,
                                    "%s  %-8s %-8s %s",
                                    id,
                                    check.name(),
                                    check.outcome()
                                            .name()
                                            .toLowerCase(Locale.ROOT)
                                            .replace('_', ' '),
                                    check.detail())));
        }
        return passed ? 0 : 1;
    }
}
