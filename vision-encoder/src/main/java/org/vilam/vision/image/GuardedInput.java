package org.vilam.vision.image;

import java.io.EOFException;
import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * The bytes a library reader sees: the file, with its beginning replaced and others appended where we have checked and
 * rewritten its header. Reads fail once the deadline has passed, which is how a reader caught in a crafted file ends.
 */
final class GuardedInput extends ImageInputStreamImpl {
    private static final int BYTES_PER_CLOCK = 1 << 14;
    private static final byte[] NONE = {};

    private final byte[] head;
    private final byte[] file;
    /** Where the file begins to follow the head, less the head's length. */
    private final int shift;

    private final int fileEnd;
    private final byte[] tail;
    private final DecodeRun run;
    private int untilClock = BYTES_PER_CLOCK;

    GuardedInput(byte[] file, DecodeRun run) {
        this(NONE, file, 0, NONE, run);
    }

    /**
     * @param head comes first
     * @param from then the file, from here on
     * @param tail comes last
     */
    GuardedInput(byte[] head, byte[] file, int from, byte[] tail, DecodeRun run) {
        this.head = head;
        this.file = file;
        this.shift = from - head.length;
        this.fileEnd = file.length - shift;
        this.tail = tail;
        this.run = run;
    }

    @Override
    public int read() throws IOException {
        watch(16);
        bitOffset = 0;
        if (streamPos >= length()) {
            return -1;
        }
        int at = (int) streamPos++;
        if (at < head.length) {
            return head[at] & 0xFF;
        }
        return (at < fileEnd ? file[at + shift] : tail[at - fileEnd]) & 0xFF;
    }

    /** Always as much as is asked for and there, since some readers do not ask twice. */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        watch(length + 16L);
        bitOffset = 0;
        int count = (int) Math.min(length, length() - streamPos);
        if (count <= 0) {
            return length == 0 ? 0 : -1;
        }
        int done = 0;
        while (done < count) {
            int at = (int) streamPos + done;
            byte[] from = at < head.length ? head : at < fileEnd ? file : tail;
            int start = at < head.length ? at : at < fileEnd ? at + shift : at - fileEnd;
            int end = at < head.length ? head.length : at < fileEnd ? file.length : tail.length;
            int part = Math.min(count - done, end - start);
            System.arraycopy(from, start, into, offset + done, part);
            done += part;
        }
        streamPos += count;
        return count;
    }

    /** As specified, but without a new exception each time: some readers poll the end of the stream a million times. */
    @Override
    public byte readByte() throws IOException {
        int value = read();
        if (value < 0) {
            throw new AtEnd();
        }
        return (byte) value;
    }

    @Override
    public int readUnsignedByte() throws IOException {
        return readByte() & 0xFF;
    }

    @Override
    public long length() {
        return (long) fileEnd + tail.length;
    }

    private void watch(long bytes) throws IOException {
        untilClock -= (int) Math.min(bytes, BYTES_PER_CLOCK);
        if (untilClock <= 0) {
            untilClock = BYTES_PER_CLOCK;
            if (run.expired()) {
                throw new IIOException("out of time");
            }
        }
    }

    private static final class AtEnd extends EOFException {
        private static final long serialVersionUID = 1L;

        private AtEnd() {
            super("the data end early");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
