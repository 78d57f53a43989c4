package org.vilam.assistant.models;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.ModelFamilies;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows what there is. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the models, or the families there are.")
final class ListCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable ModelsCommand models;

    @Option(names = "--families", description = "List the families of models that can be imported.")
    private boolean families;

    @Override
    public Integer call() {
        ModelsCommand parent = Objects.requireNonNull(models);
        PrintWriter out = parent.out();
        if (families) {
            ModelFamilies.all()
                    .forEach(family ->
                            out.println(String.format(Locale.ROOT, "%-16s %s", family.name(), family.description())));
            return 0;
        }
        List<ModelStore.Entry> entries = parent.store().list();
        if (entries.isEmpty()) {
            out.println("no models in " + parent.store().root());
        }
        for (ModelStore.Entry entry : entries) {
            String what = entry.problem().isEmpty() ? entry.family() : "broken: " + entry.problem();
            out.println(
                    String.format(Locale.ROOT, "%-24s %10s  %s", entry.id(), ModelsCommand.size(entry.bytes()), what));
        }
        return 0;
    }
}
