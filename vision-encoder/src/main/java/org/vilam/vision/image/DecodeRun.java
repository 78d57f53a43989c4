package org.vilam.vision.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * One decode under way: its limits, options, warnings, deadline and share of the heap.
 *
 * <p>The body runs on its own daemon thread, because no Java image reader can be trusted to come back from every file:
 * the caller leaves at the deadline, while the thread ends at its next read ({@link GuardedInput}) or progress report.
 * Slot and heap share are given back when the thread really ends, so abandoned decodes cannot pile up. Both are counted
 * over the whole process, as the heap is.
 */
final class DecodeRun {
    /** What runs: from bytes to a finished image. */
    @FunctionalInterface
    interface Body {
        DecodedImage decode(DecodeRun run) throws IOException;
    }

    private static final int MEGABYTE = 1 << 20;
    /** Three bytes of each fit into one array. */
    private static final long MOST_PIXELS = 700_000_000;

    /** Decodes at a time: decoding is bound by the processor, and each may hold a file of the allowed length. */
    private static final Semaphore SLOTS =
            new Semaphore(Math.min(8, Math.max(2, Runtime.getRuntime().availableProcessors())), true);
    /** Half of the heap is for decodes; the other half stays for what they were asked for. */
    private static final int HEAP_MEGABYTES =
            (int) Math.min(Integer.MAX_VALUE, Math.max(64, Runtime.getRuntime().maxMemory() / 2 / MEGABYTE));

    private static final Semaphore HEAP = new Semaphore(HEAP_MEGABYTES, true);

    private final DecodeLimits limits;
    private final DecodeOptions options;
    private final long deadline;
    private final List<ImageWarning> warnings = new ArrayList<>();
    private volatile boolean cancelled;
    private String format = "unknown";
    private int reservedMegabytes;

    private DecodeRun(DecodeLimits limits, DecodeOptions options) {
        this.limits = limits;
        this.options = options;
        this.deadline = System.nanoTime() + limits.timeout().toNanos();
    }

    /** Runs the body within the limits; whatever goes wrong on the way comes out as a {@link VilamException}. */
    static DecodedImage run(DecodeLimits limits, DecodeOptions options, Body body) {
        DecodeRun run = new DecodeRun(limits, options);
        try {
            run.acquire(SLOTS, 1);
            FutureTask<DecodedImage> task = new FutureTask<>(() -> run.guarded(body));
            Thread thread = new Thread(task, "image-decode");
            thread.setDaemon(true);
            start(thread);
            return task.get(run.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw run.outOfTime();
        } catch (InterruptedException e) {
            run.cancelled = true;
            Thread.currentThread().interrupt();
            throw DecodeErrors.timeout("the thread that waited for the image was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VilamException known) {
                throw known;
            }
            throw new IllegalStateException("the image door failed in a way it does not know", e.getCause());
        }
    }

    private static void start(Thread thread) {
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // no further native thread to be had
            SLOTS.release();
            throw DecodeErrors.timeout("the system has no thread left to decode the image on");
        }
    }

    private DecodedImage guarded(Body body) {
        try {
            return body.decode(this);
        } catch (VilamException e) {
            throw expired() && e.code() == ErrorCode.IMAGE_CORRUPT ? outOfTime() : e;
        } catch (IOException | RuntimeException | AssertionError e) {
            // Readers answer bad bytes with whatever they trip over: EOF, index out of bounds, failed assertions.
            throw expired() ? outOfTime() : DecodeErrors.corrupt(format, describe(e), e);
        } catch (StackOverflowError e) {
            throw DecodeErrors.corrupt(format, "its parts are nested too deeply");
        } catch (OutOfMemoryError e) {
            throw DecodeErrors.tooLarge(
                    "the image needs more memory than is left", "Send a smaller image, or give Java more heap (-Xmx).");
        } finally {
            HEAP.release(reservedMegabytes);
            SLOTS.release();
        }
    }

    private static String describe(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    /**
     * Holds the declared size against the limits and takes the memory it needs, waiting for other decodes if need be.
     *
     * @param memoryBytes heap (and native memory) the decode may need at its peak, its result included
     */
    void admit(ImageHeader header, long memoryBytes) {
        String format = header.format().name();
        if (header.width() < 1 || header.height() < 1) {
            throw DecodeErrors.corrupt(format, "it declares " + header.width() + " x " + header.height() + " pixels");
        }
        long mostPixels = Math.min(limits.maxPixels(), MOST_PIXELS);
        if (header.pixels() > mostPixels || Math.max(header.width(), header.height()) > limits.maxSide()) {
            throw DecodeErrors.tooLarge(
                    "the " + format + " image declares " + header.width() + " x " + header.height() + " pixels",
                    "Send at most " + mostPixels / 1_000_000 + " megapixels and " + limits.maxSide()
                            + " pixels a side.");
        }
        if (header.frames() > limits.maxFrames()) {
            throw DecodeErrors.tooLarge(
                    "the " + format + " file holds " + header.frames() + " frames or pages",
                    "Send at most " + limits.maxFrames() + ", or the one picture that matters.");
        }
        if (memoryBytes > Math.min(limits.maxMemoryBytes(), HEAP_MEGABYTES * (long) MEGABYTE)) {
            throw DecodeErrors.tooLarge(
                    "the " + format + " image of " + header.width() + " x " + header.height() + " pixels needs "
                            + memoryBytes / MEGABYTE + " MB of memory to decode",
                    "Send it smaller or as 8-bit JPEG or PNG; the limit is "
                            + Math.min(limits.maxMemoryBytes() / MEGABYTE, HEAP_MEGABYTES) + " MB.");
        }
        reserve(memoryBytes);
    }

    /** Takes a share of the heap until the decode ends, waiting for other decodes if need be. */
    void reserve(long memoryBytes) {
        int megabytes = (int) Math.min(HEAP_MEGABYTES, memoryBytes / MEGABYTE + 1);
        try {
            acquire(HEAP, megabytes);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a decode thread", e);
        }
        reservedMegabytes += megabytes;
    }

    private void acquire(Semaphore semaphore, int permits) throws InterruptedException {
        if (!semaphore.tryAcquire(permits, remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw DecodeErrors.timeout("the image waited " + limits.timeout().toMillis()
                    + " ms for other images to be decoded and its turn did not come");
        }
    }

    /** Names the format in errors from here on. */
    void recognised(ImageFormat found) {
        format = found.name();
    }

    /** The background colour and grey window asked for. */
    DecodeOptions options() {
        return options;
    }

    DecodeLimits limits() {
        return limits;
    }

    /** Notes something a person should know; a code is noted once. */
    void warn(String code, String message) {
        if (warnings.stream().noneMatch(known -> known.code().equals(code))) {
            warnings.add(new ImageWarning(code, message));
        }
    }

    /** The warnings so far, in the order noted. */
    List<ImageWarning> warnings() {
        return warnings;
    }

    /** True once nobody waits for the result any more. */
    boolean expired() {
        return cancelled || remainingNanos() <= 0;
    }

    /** Ends the decode when its time is over; for loops of our own that read from no stream. */
    void checkDeadline() {
        if (expired()) {
            throw outOfTime();
        }
    }

    private long remainingNanos() {
        return deadline - System.nanoTime();
    }

    private VilamException outOfTime() {
        return DecodeErrors.timeout(
                "decoding the image took longer than " + limits.timeout().toMillis() + " ms");
    }
}
