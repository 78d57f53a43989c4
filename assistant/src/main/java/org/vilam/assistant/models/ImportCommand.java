package org.vilam.assistant.models;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.DType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Makes a model of published weights. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a model of published weights: safetensors, .pth, .bin, llama2.c, or a folder of them. Nothing in the"
                    + " files is executed. Every tensor must have its place in the network; the report says which have not."
        })
final class ImportCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable ModelsCommand models;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Weight files or folders; several make one model, and the first that has a tensor gives it.")
    private List<Path> sources = List.of();

    @Option(
            names = "--family",
            paramLabel = "NAME",
            description = "The family; by default it is recognised. 'models list --families' shows them.")
    private @Nullable String family;

    @Option(names = "--name", paramLabel = "MODEL", description = "The new model's name; by default the file's.")
    private @Nullable String name;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The published config.json; by default the one beside the first file.")
    private @Nullable Path config;

    @Option(
            names = "--tokenizer",
            paramLabel = "PATH=FILE",
            description =
                    "A tokenizer's source (tokenizer.model, vocab.txt, tokenizer.json, beit3.spm) by its path in the"
                            + " model; by default looked for beside the first file.")
    private Map<String, Path> tokenizers = new LinkedHashMap<>();

    @Option(
            names = "--store",
            paramLabel = "TYPE",
            description = "Store weights as F32, F16 or BF16 instead of as they are.")
    private @Nullable DType store;

    @Option(names = "--allow-unexpected", description = "Leave out tensors that the network does not have.")
    private boolean allowUnexpected;

    @Option(names = "--licence", paramLabel = "NAME", description = "The licence of the weights, for the record.")
    private @Nullable String licence;

    @Override
    public Integer call() {
        ModelsCommand parent = Objects.requireNonNull(models);
        ModelImport importing = ModelImport.of(sources);
        if (family != null) {
            importing.family(family);
        }
        if (config != null) {
            importing.config(config);
        }
        if (store != null) {
            importing.store(store);
        }
        if (licence != null) {
            importing.licence(licence);
        }
        if (allowUnexpected) {
            importing.allowUnexpected();
        }
        tokenizers.forEach(importing::tokenizer);
        ModelImport.Imported imported = importing.into(parent.store().target(name == null ? stem() : name));
        PrintWriter out = parent.out();
        out.println(imported.folder().id() + ": " + imported.family().name());
        out.println(imported.report().text());
        out.println(
                imported.probed()
                        ? "a forward pass was recorded for 'models verify'"
                        : "no forward pass was recorded: float32 weights do not fit the memory that is free");
        out.println(imported.folder().path() + "  " + imported.folder().sha256());
        return 0;
    }

    private String stem() {
        String file = String.valueOf(sources.get(0).toAbsolutePath().normalize().getFileName());
        return file.replaceFirst("\\.(safetensors|pth|pt|bin)$", "").replaceAll("[^A-Za-z0-9._-]", "-");
    }
}
