package org.vilam.vision.parity;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * The folder of real images, annotations and full-size reference numbers, which is not part of the project.
 *
 * <p>It is named by the environment variable {@code VILAM_SHARED} (the build sets it to {@code ../shared} by default).
 * A test that needs it and does not find it is aborted with a message that says what was left out.
 */
public final class SharedData {
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private SharedData() {}

    /** True where the shared folder is present. */
    public static boolean present() {
        return root() != null;
    }

    /**
     * A file or folder under the shared folder.
     *
     * @param relative path below the shared folder, with forward slashes
     * @throws TestAbortedException when the shared folder is absent: the calling test is left out, and says so
     * @throws IllegalStateException when the shared folder is there but lacks this path
     */
    public static Path path(String relative) {
        Path root = root();
        if (root == null) {
            String message = "LEFT OUT: needs shared/" + relative
                    + ", and VILAM_SHARED names no such folder; point it at the shared folder to run this test";
            if (SAID.add(relative)) {
                System.out.println(message); // a skipped test's reason is in its report only
            }
            throw new TestAbortedException(message);
        }
        Path path = root.resolve(relative);
        if (!Files.exists(path)) {
            throw new IllegalStateException("the shared folder is present but lacks " + relative);
        }
        return path;
    }

    private static @Nullable Path root() {
        String named = System.getenv("VILAM_SHARED");
        Path root = Path.of(named == null || named.isBlank() ? "../shared" : named);
        return Files.isDirectory(root.resolve("parity")) && Files.isDirectory(root.resolve("data")) ? root : null;
    }
}
