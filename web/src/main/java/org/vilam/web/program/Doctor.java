package org.vilam.web.program;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Request;
import org.vilam.assistant.library.Compute;
import org.vilam.assistant.library.ModelLibrary;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.web.gallery.Gallery;
import org.vilam.web.store.Store;

/** Looks at each thing that answering needs, in the order in which a start meets them. */
final class Doctor {
    private static final long MB = 1_000_000;
    private static final String UNPACKED = "org.sqlite.tmpdir, DJL_CACHE_DIR (default .djl.ai in your home folder)";

    private final Places places;
    private final List<Finding> findings = new ArrayList<>();

    Doctor(Places places) {
        this.places = places;
    }

    List<Finding> look(boolean gpu) {
        findings.add(Finding.ok(
                "java",
                System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch")));
        memory();
        disk();
        boolean inUse = store();
        fonts();
        boolean computes = natives();
        if (gpu && computes) {
            gpus();
        }
        if (computes) {
            models();
        }
        port(inUse);
        return List.copyOf(findings);
    }

    private void memory() {
        long heap = Runtime.getRuntime().maxMemory() / MB;
        long machine =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                        ? os.getTotalMemorySize() / MB
                        : -1;
        String found = String.format(
                Locale.ROOT,
                "%,d MB for Java's heap%s, %d processors",
                heap,
                machine < 0 ? "" : String.format(Locale.ROOT, " of the machine's %,d MB", machine),
                Runtime.getRuntime().availableProcessors());
        findings.add(
                heap < 256
                        ? Finding.warns("memory", found, "Give it more: java -Xmx1g -jar vilam.jar serve.")
                        : Finding.ok("memory", found));
    }

    private void disk() {
        Path home = places.home().toAbsolutePath();
        try {
            Files.createDirectories(home);
            Files.delete(Files.createTempFile(home, "doctor", ".tmp"));
            long free = Files.getFileStore(home).getUsableSpace() / MB;
            String found = String.format(Locale.ROOT, "%s, %,d MB free", home, free);
            findings.add(
                    free < 200
                            ? Finding.fails("disk", found, "Free 200 MB, or choose another folder with --home.")
                            : Finding.ok("disk", found));
        } catch (IOException e) {
            findings.add(Finding.fails(
                    "disk", home + " cannot be written: " + e, "Choose a folder that can be written with --home."));
        }
    }

    /** Whether another program has the home folder. */
    private boolean store() {
        try (Store store = Store.open(places.home())) {
            String integrity = store.integrity();
            findings.add(
                    integrity.equals("ok")
                            ? Finding.ok("store", "the database opens and is whole")
                            : Finding.fails(
                                    "store",
                                    "the database is damaged: " + integrity,
                                    "Restore vilam.db from a copy, or move it away to begin anew."));
            return false;
        } catch (VilamException e) {
            boolean inUse = e.code() == ErrorCode.CONFLICT;
            findings.add(
                    inUse
                            ? Finding.warns(
                                    "store",
                                    "another program has the home folder, probably the server",
                                    "End it before you start one, or choose another folder with --home.")
                            : Finding.fails("store", String.valueOf(e.getMessage()), e.hint()));
            return inUse;
        } catch (LinkageError | RuntimeException e) {
            findings.add(Finding.fails(
                    "store",
                    "the database library does not load: " + e,
                    "The folder it is unpacked into must allow programs: set -Dorg.sqlite.tmpdir."));
            return false;
        }
    }

    /** Java needs the system's fontconfig to draw labels, also where there is no screen; small containers lack it. */
    private void fonts() {
        BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        try {
            pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            pen.drawString("a1", 2, 14);
            findings.add(Finding.ok("fonts", pen.getFont().getFamily() + " draws labels"));
        } catch (LinkageError | InternalError | RuntimeException e) {
            findings.add(Finding.warns(
                    "fonts",
                    "labels cannot be drawn, PNG exports fail: " + e,
                    "Install fontconfig and a font (Debian: apt-get install fontconfig fonts-dejavu-core)."));
        } finally {
            pen.dispose();
        }
    }

    private boolean natives() {
        try {
            Compute.Library library = Compute.library();
            findings.add(Finding.ok("native libraries", library.name() + " " + library.version()));
            findings.add(
                    library.gpus() > 0
                            ? Finding.ok("device", library.gpus() + " GPU, the first one answers")
                            : Finding.ok("device", "cpu"));
            return true;
        } catch (LinkageError | RuntimeException e) {
            findings.add(Finding.fails(
                    "native libraries",
                    "PyTorch does not load: " + e,
                    "The folders they are unpacked into must be writable and allow programs: " + UNPACKED
                            + ". They come in the jars, for Linux, macOS (arm64) and Windows."));
            return false;
        }
    }

    private void gpus() {
        try {
            List<Compute.Comparison> all = Compute.compareGpus();
            for (Compute.Comparison one : all) {
                String found = String.format(
                        Locale.ROOT,
                        "%s beside the CPU: forward differs by %.1e, backward by %.1e",
                        one.device(),
                        one.forward(),
                        one.backward());
                findings.add(
                        one.agrees()
                                ? Finding.ok("gpu", found)
                                : Finding.fails("gpu", found, "Update the driver, or hide it: CUDA_VISIBLE_DEVICES=."));
            }
            if (all.isEmpty()) {
                findings.add(
                        Files.exists(Path.of("/dev/nvidiactl"))
                                ? Finding.warns(
                                        "gpu",
                                        "there is an NVIDIA driver, but the PyTorch in use is the CPU's",
                                        "Name an installed CUDA libtorch: PYTORCH_LIBRARY_PATH, PYTORCH_VERSION=2.7.1,"
                                                + " PYTORCH_FLAVOR=cu128.")
                                : Finding.ok("gpu", "none; everything runs on the CPU"));
            }
        } catch (LinkageError | RuntimeException e) {
            findings.add(Finding.fails("gpu", "it does not compute: " + e, "Hide it: CUDA_VISIBLE_DEVICES=."));
        }
    }

    private void models() {
        ModelLibrary library = places.library();
        ModelLibrary.Listing listing = library.list();
        listing.problems()
                .forEach(problem ->
                        findings.add(Finding.warns("model", String.valueOf(problem.getMessage()), problem.hint())));
        for (ModelLibrary.Entry entry : listing.models()) {
            try {
                entry.folder().verify();
                findings.add(Finding.ok(
                        "model " + entry.info().id(),
                        String.format(
                                Locale.ROOT,
                                "%,d MB, sha256 as recorded, %s",
                                entry.sizeBytes() / MB,
                                entry.folder().path())));
            } catch (VilamException e) {
                findings.add(Finding.warns("model " + entry.info().id(), String.valueOf(e.getMessage()), e.hint()));
            }
        }
        if (listing.models().isEmpty()) {
            findings.add(Finding.fails(
                    "answer", "there is no model", "Put a model folder into models/ in the home folder."));
        } else {
            answer(library, listing.models().get(0).info().id());
        }
    }

    private void answer(ModelLibrary library, String id) {
        Gallery gallery = Gallery.bundled();
        Gallery.Item item = gallery.items().get(0);
        Picture picture = Picture.of(new ImageDecoder().decode(gallery.image(item.id())));
        long begun = System.nanoTime();
        try (ModelLibrary.Loaded loaded = library.open(id)) {
            long ready = System.nanoTime();
            loaded.assistant()
                    .ask(
                            picture,
                            Dialogue.EMPTY,
                            new Request(item.suggestions().get(0).instruction()),
                            Progress.NONE);
            findings.add(Finding.ok(
                    "answer",
                    String.format(
                            Locale.ROOT,
                            "%s on %s: loaded in %.1f s, a first answer after %.1f s more",
                            id,
                            loaded.assistant().info().device(),
                            (ready - begun) / 1e9,
                            (System.nanoTime() - ready) / 1e9)));
        } catch (VilamException e) {
            findings.add(Finding.fails("answer", id + ": " + e.getMessage(), e.hint()));
        } catch (LinkageError | RuntimeException e) {
            findings.add(Finding.fails("answer", id + " does not answer: " + e, "Install the model again."));
        }
    }

    private void port(boolean inUse) {
        String address = places.host() + ":" + places.port();
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getAllByName(places.host())[0], places.port()));
            findings.add(Finding.ok("port", address + " is free"));
        } catch (IOException | IllegalArgumentException e) {
            String found = address + " cannot be listened on: " + e.getMessage();
            findings.add(
                    inUse
                            ? Finding.warns("port", found, "Probably the server that has the home folder.")
                            : Finding.fails("port", found, "Choose another --port, or stop the program that has it."));
        }
    }
}
