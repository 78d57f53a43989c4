package org.vilam.vision.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.vilam.vision.error.VilamException;

/** A model on the class path: memory-mapping needs real files, so one inside a jar is copied out. */
final class BundledModel {
    private BundledModel() {}

    static ModelFolder open(Class<?> anchor, String resource, Path cache) {
        String provenance = resource + "/" + ModelFolder.PROVENANCE;
        URL url = anchor.getResource(provenance);
        if (url == null) {
            throw ModelFolder.invalid("class path " + resource, ModelFolder.PROVENANCE + " is missing");
        }
        try {
            if (url.getProtocol().equals("file")) {
                Path folder = Objects.requireNonNull(Path.of(url.toURI()).getParent());
                return ModelFolder.open(folder).verify();
            }
            return copied(anchor, resource, cache, read(anchor, provenance));
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a resource whose address is none", e);
        } catch (IOException e) {
            throw SafetensorsWriter.unwritable(cache, e);
        }
    }

    private static ModelFolder copied(Class<?> anchor, String resource, Path cache, byte[] provenance)
            throws IOException {
        String id = resource.substring(resource.lastIndexOf('/') + 1);
        Path parent = cache.resolve(Sha256.of(provenance).substring(0, 16));
        Path folder = parent.resolve(id);
        if (Files.exists(folder)) {
            try {
                return ModelFolder.open(folder).verify();
            } catch (VilamException damaged) {
                ModelFolder.delete(folder);
            }
        }
        Files.createDirectories(parent);
        Path temporary = parent.resolve("." + id + "." + UUID.randomUUID() + ".tmp");
        Files.createDirectory(temporary);
        try {
            Files.write(temporary.resolve(ModelFolder.PROVENANCE), provenance);
            Map<String, String> files =
                    ModelFolder.provenance("class path " + resource, provenance).sha256();
            for (Map.Entry<String, String> file : files.entrySet()) {
                copy(anchor, resource, file.getKey(), file.getValue(), temporary);
            }
            ModelFolder.open(temporary);
            Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Perhaps another process was faster; what it copied is checked like any other copy.
            if (!Files.exists(folder)) {
                throw e;
            }
            return ModelFolder.open(folder).verify();
        } finally {
            ModelFolder.delete(temporary);
        }
        return ModelFolder.open(folder);
    }

    private static byte[] read(Class<?> anchor, String resource) throws IOException {
        try (InputStream in = anchor.getResourceAsStream(resource)) {
            if (in == null) {
                throw ModelFolder.invalid("class path", resource + " is missing");
            }
            return in.readAllBytes();
        }
    }

    private static void copy(Class<?> anchor, String resource, String name, String expected, Path folder)
            throws IOException {
        if (!ShardedCheckpoint.isInside(name)) {
            throw ModelFolder.invalid("class path " + resource, name + " leaves the folder");
        }
        MessageDigest digest = Sha256.digest();
        Path target = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        try (InputStream in = anchor.getResourceAsStream(resource + "/" + name)) {
            if (in == null) {
                throw ModelFolder.invalid("class path " + resource, name + " is missing");
            }
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
                in.transferTo(out);
            }
        }
        String found = Sha256.hex(digest);
        if (!found.equalsIgnoreCase(expected)) {
            throw ModelFolder.invalid(
                    "class path " + resource, name + " has sha256 " + found + ", recorded is " + expected);
        }
    }
}
