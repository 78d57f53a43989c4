package org.vilam.vision.image;

import java.io.EOFException;
import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * The bytes a library reader sees: the file, with its first bytes replaced and others appended where we have checked and
 * rewritten its header. Reads fail once the deadline has passed, which is how a reader caught in a crafted file ends.
 */
final class GuardedInput extends ImageInputStreamImpl {
    private static final int BYTES_PER_CLOCK = 1 << 14;
    private static final byte[] NONE = {};

    private final byte[] head;
    private final byte[] file;
    private final byte[] tail;
    private final DecodeRun run;
    private int untilClock = BYTES_PER_CLOCK;

    GuardedInput(byte[] file, DecodeRun run) {
        this(NONE, file, NONE, run);
    }

    /**
     * @param head stands in place of the file's first bytes, no longer than the file
     * @param tail follows the file
     */
    GuardedInput(byte[] head, byte[] file, byte[] tail, DecodeRun run) {
        this.head = head;
        this.file = file;
        this.tail = tail;
        this.run = run;
    }

    @Override
    public int read() throws IOException {
        watch(16);
        bitOffset = 0;
        int at = (int) Math.min(streamPos, Integer.MAX_VALUE);
        if (at >= file.length) {
            if (at - file.length >= tail.length) {
                return -1;
            }
            streamPos++;
            return tail[at - file.length] & 0xFF;
        }
        streamPos++;
        return (at < head.length ? head[at] : file[at]) & 0xFF;
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
            int part;
            if (at < head.length) {
                part = Math.min(count - done, head.length - at);
                System.arraycopy(head, at, into, offset + done, part);
            } else if (at < file.length) {
                part = Math.min(count - done, file.length - at);
                System.arraycopy(file, at, into, offset + done, part);
            } else {
                part = count - done;
                System.arraycopy(tail, at - file.length, into, offset + done, part);
            }
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
            throw AtEnd.ONE;
        }
        return (byte) value;
    }

    @Override
    public int readUnsignedByte() throws IOException {
        return readByte() & 0xFF;
    }

    @Override
    public long length() {
        return (long) file.length + tail.length;
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
        private static final AtEnd ONE = new AtEnd();

        private AtEnd() {
            super("the data end early");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
