package org.vilam.vision.image;

import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * The bytes a library reader sees: the file, with its first bytes replaced and others appended where we have checked and
 * rewritten its header. Every read fails once the deadline has passed, which is how a reader caught in a crafted file
 * ends.
 */
final class GuardedInput extends ImageInputStreamImpl {
    private static final byte[] NONE = {};
    private static final int READS_PER_CLOCK = 256;

    private final byte[] head;
    private final byte[] file;
    private final byte[] tail;
    private final DecodeRun run;
    private int reads;

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
        if (++reads % READS_PER_CLOCK == 0) {
            checkDeadline();
        }
        bitOffset = 0;
        long at = streamPos;
        if (at >= length()) {
            return -1;
        }
        streamPos++;
        if (at < head.length) {
            return head[(int) at] & 0xFF;
        }
        return (at < file.length ? file[(int) at] : tail[(int) (at - file.length)]) & 0xFF;
    }

    /** Always as much as is asked for and there, since some readers do not ask twice. */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        checkDeadline();
        bitOffset = 0;
        int count = (int) Math.min(length, length() - streamPos);
        if (count <= 0) {
            return length == 0 ? 0 : -1;
        }
        int done = 0;
        while (done < count) {
            long at = streamPos + done;
            byte[] from = at < head.length ? head : at < file.length ? file : tail;
            int start = (int) (from == tail ? at - file.length : at);
            int part = Math.min(count - done, from.length - start);
            System.arraycopy(from, start, into, offset + done, part);
            done += part;
        }
        streamPos += count;
        return count;
    }

    @Override
    public long length() {
        return (long) file.length + tail.length;
    }

    private void checkDeadline() throws IOException {
        if (run.expired()) {
            throw new IIOException("out of time");
        }
    }
}
