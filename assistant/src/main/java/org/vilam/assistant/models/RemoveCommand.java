package org.vilam.assistant.models;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Removes a model. */
@Command(name = "remove", mixinStandardHelpOptions = true, description = "Removes a model from the disk.")
final class RemoveCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable ModelsCommand models;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
    private String id = "";

    @Override
    public Integer call() {
        ModelsCommand parent = Objects.requireNonNull(models);
        long freed = parent.store().remove(id);
        parent.out().println(id + " is removed, " + ModelsCommand.size(freed) + " are free again");
        return 0;
    }
}
