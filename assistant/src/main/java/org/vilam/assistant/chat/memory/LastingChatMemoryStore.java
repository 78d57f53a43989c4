package org.vilam.assistant.chat.memory;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * A LangChain4j memory that lasts. LangChain4j hands over all messages of a conversation at every turn: pictures among them go to the
 * image files, once, and the messages keep {@code image:<sha256>}, which the chat models read. Grounding results travel with the
 * messages that they belong to, so that a conversation goes on after a restart as if there had been none.
 */
public final class LastingChatMemoryStore implements ChatMemoryStore {
    private final ChatRecords records;
    private final ImageFiles images;

    /** A memory over both. */
    public LastingChatMemoryStore(ChatRecords records, ImageFiles images) {
        this.records = records;
        this.images = images;
    }

    /**
     * The messages of a conversation, oldest first; none where there is no such conversation.
     *
     * @throws VilamException FILE_UNREADABLE when what is kept is no conversation
     */
    @Override
    public List<ChatMessage> getMessages(Object memoryId) {
        String name = memoryId.toString();
        return records.read(name).map(text -> messages(name, text)).orElseGet(List::of);
    }

    private static List<ChatMessage> messages(String name, String text) {
        try {
            return ChatMessageDeserializer.messagesFromJson(text);
        } catch (RuntimeException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    "the conversation \"" + name + "\" cannot be read: " + e.getMessage(),
                    "Delete the conversation and begin a new one.",
                    e);
        }
    }

    @Override
    public void updateMessages(Object memoryId, List<ChatMessage> messages) {
        List<ChatMessage> light = messages.stream().map(this::light).toList();
        records.write(memoryId.toString(), ChatMessageSerializer.messagesToJson(light));
    }

    @Override
    public void deleteMessages(Object memoryId) {
        records.delete(memoryId.toString());
    }

    private ChatMessage light(ChatMessage message) {
        if (!(message instanceof UserMessage said)
                || said.contents().stream().noneMatch(LastingChatMemoryStore::heavy)) {
            return message;
        }
        return said.toBuilder()
                .contents(said.contents().stream().map(this::light).toList())
                .build();
    }

    private static boolean heavy(Content content) {
        return content instanceof ImageContent image && image.image().base64Data() != null;
    }

    private Content light(Content content) {
        if (!(content instanceof ImageContent image) || image.image().base64Data() == null) {
            return content;
        }
        byte[] file;
        try {
            file = Base64.getDecoder().decode(image.image().base64Data().replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            return content; // no picture; whoever reads it will say so
        }
        return ImageContent.from(URI.create("image:" + images.keep(file)), image.detailLevel());
    }
}
