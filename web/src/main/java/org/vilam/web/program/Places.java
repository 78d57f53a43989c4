package org.vilam.web.program;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.library.ModelLibrary;
import picocli.CommandLine.Option;

/** Where things lie, and where the server is reached: options of more than one command. */
final class Places {
    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description = "Folder for pictures, conversations and copies of models. Default: the environment variable"
                    + " VILAM_HOME, else .vilam in your home folder.")
    private @Nullable Path home;

    @Option(
            names = "--models",
            paramLabel = "FOLDER",
            description = "A folder whose sub-folders are models, beside models/ in the home folder; may be repeated.")
    private List<Path> models = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on. Default: ${DEFAULT-VALUE}, which lets in this machine alone.")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "NUMBER",
            defaultValue = "8080",
            description = "Port to listen on; 0 takes one that is free. Default: ${DEFAULT-VALUE}.")
    private int port;

    Path home() {
        if (home != null) {
            return home;
        }
        String named = System.getenv("VILAM_HOME");
        return named == null || named.isBlank() ? Path.of(System.getProperty("user.home"), ".vilam") : Path.of(named);
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    ModelLibrary library() {
        List<Path> shelves = new ArrayList<>(models);
        shelves.add(home().resolve("models"));
        return new ModelLibrary(home().resolve("cache").resolve("models"), shelves);
    }

    /**
     * What has to be set before a native library is loaded: everything comes from jars, nothing is fetched or reported, and what
     * has to be unpacked goes where files may be executed, which the system's folder for temporary files does not always allow.
     *
     * @param threads of one product of matrices
     */
    void prepare(int threads) {
        Program.setDefault("java.awt.headless", "true");
        Program.setDefault("ai.djl.offline", "true");
        Program.setDefault("OPT_OUT_TRACKING", "true"); // DJL asks a cloud metadata address otherwise
        Program.setDefault("ai.djl.pytorch.num_threads", Integer.toString(threads));
        Program.setDefault("ai.djl.pytorch.num_interop_threads", "1");
        Path natives = home().resolve("cache").resolve("natives");
        if (natives.toFile().isDirectory() || natives.toFile().mkdirs()) {
            Program.setDefault("org.sqlite.tmpdir", natives.toAbsolutePath().toString());
        }
    }
}
