package org.vilam.assistant.chat.memory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.vilam.vision.image.ImageInfo;

/** Conversations as files of a folder, each written whole or not at all; any text is a name. */
public final class FileChatRecords implements ChatRecords {
    private final WholeFiles files;

    /**
     * Records in a folder, which is made where there is none.
     *
     * @throws org.vilam.vision.error.VilamException FILE_UNREADABLE, here and in every method, when the disk does not do as asked
     */
    public FileChatRecords(Path folder) {
        this.files = new WholeFiles(folder);
    }

    @Override
    public Optional<String> read(String conversation) {
        return files.read(file(conversation)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void write(String conversation, String messages) {
        files.write(file(conversation), messages.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void delete(String conversation) {
        files.delete(file(conversation));
    }

    /** Names come from outside and may be anything: the file has their sha256. */
    private static String file(String conversation) {
        return ImageInfo.sha256Of(ByteBuffer.wrap(conversation.getBytes(StandardCharsets.UTF_8))) + ".json";
    }
}
