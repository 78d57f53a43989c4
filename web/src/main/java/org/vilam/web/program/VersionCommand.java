package org.vilam.web.program;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vilam.web.server.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says which program this is, and what it runs on. */
@Command(
        name = "version",
        mixinStandardHelpOptions = true,
        description = "Says which version this is, and of which Java.")
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public String[] getVersion() {
        return new String[] {
            "vilam " + Version.VERSION,
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch")
        };
    }

    @Override
    public Integer call() {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        for (String line : getVersion()) {
            out.println(line);
        }
        out.flush();
        return 0;
    }
}
