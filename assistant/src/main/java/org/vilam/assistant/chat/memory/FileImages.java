package org.vilam.assistant.chat.memory;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.vilam.assistant.Picture;
import org.vilam.assistant.chat.ImageResolver;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.vision.image.ImageInfo;

/** Pictures as files of a folder, named by their sha256; for a memory to keep and for a chat model to resolve. */
public final class FileImages implements ImageFiles, ImageResolver {
    private final WholeFiles files;
    private final ImageDecoder decoder;

    /**
     * Images in a folder, which is made where there is none.
     *
     * @param decoder the door through which {@link #resolve} takes them
     * @throws VilamException FILE_UNREADABLE, here and in every method, when the disk does not do as asked
     */
    public FileImages(Path folder, ImageDecoder decoder) {
        this.files = new WholeFiles(folder);
        this.decoder = decoder;
    }

    @Override
    public String keep(byte[] file) {
        String sha256 = ImageInfo.sha256Of(ByteBuffer.wrap(file));
        if (!files.has(sha256)) {
            files.write(sha256, file);
        }
        return sha256;
    }

    @Override
    public byte[] get(String sha256) {
        return (sha256.matches("[0-9a-f]{64}") ? files.read(sha256) : Optional.<byte[]>empty())
                .orElseThrow(() -> new VilamException(
                        ErrorCode.NOT_FOUND, "image: there is no picture " + sha256, "Send the picture again."));
    }

    @Override
    public Picture resolve(String sha256) {
        return Picture.of(decoder.decode(get(sha256)));
    }
}
