package org.vilam.assistant.chat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.chat.Doubles;
import org.vilam.assistant.chat.VilamChatModel;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageDecoder;

@org.jspecify.annotations.NullUnmarked
class LastingChatMemoryStoreTest {
    @TempDir
    Path folder;

    private FileImages images() {
        return new FileImages(folder.resolve("images"), new ImageDecoder());
    }

    private LastingChatMemoryStore store() {
        return new LastingChatMemoryStore(new FileChatRecords(folder.resolve("chats")), images());
    }

    private static ImageContent image() {
        return ImageContent.from(Base64.getEncoder().encodeToString(Doubles.png(8, 12)), "image/png");
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> list = Files.list(folder.resolve(name))) {
            return list.toList();
        }
    }

    @Test
    void messages_come_back_as_they_were() {
        List<ChatMessage> messages = List.of(
                SystemMessage.from("Be brief."),
                UserMessage.from("caf\u00E9 \uD83D\uDC31"),
                AiMessage.builder()
                        .text("ok")
                        .attributes(Map.of(VilamChatModel.RESULTS, "[]"))
                        .build());
        store().updateMessages(42, messages);
        assertThat(store().getMessages(42)).isEqualTo(messages);
        assertThat(store().getMessages("43")).isEmpty();
    }

    @Test
    void a_picture_is_kept_once_and_named_in_the_messages() throws IOException {
        UserMessage question = UserMessage.from(TextContent.from("find the cat"), image());
        store().updateMessages("a", List.of(question));
        store().updateMessages("a", List.of(question, AiMessage.from("ok"), question));
        assertThat(files("images")).hasSize(1);
        assertThat(Files.readString(files("chats").get(0)))
                .doesNotContain("base64")
                .contains("image:");
        UserMessage kept = (UserMessage) store().getMessages("a").get(2);
        String url = ((ImageContent) kept.contents().get(1)).image().url().toString();
        assertThat(images().get(url.substring("image:".length()))).isEqualTo(Doubles.png(8, 12));
    }

    @Test
    void a_conversation_goes_on_after_a_restart() {
        ChatMemory before = memory();
        before.add(UserMessage.from(TextContent.from("find the cat"), image()));
        before.add(model(new Doubles.Cats()).chat(before.messages()).aiMessage());

        Doubles.Cats cats = new Doubles.Cats();
        ChatMemory after = memory();
        after.add(UserMessage.from("segment it"));
        assertThat(model(cats).chat(after.messages()).aiMessage().text()).isEqualTo("Here is the outline of the cat.");
        assertThat(cats.looked).hasValue(1);
    }

    private ChatMemory memory() {
        return MessageWindowChatMemory.builder()
                .id("session 1")
                .maxMessages(20)
                .chatMemoryStore(store())
                .build();
    }

    private VilamChatModel model(Doubles.Cats cats) {
        return VilamChatModel.builder()
                .assistant(Assistant.over(Doubles.INFO, cats, new Doubles.Reader()))
                .imageResolver(images())
                .build();
    }

    @Test
    void a_deleted_conversation_is_gone() throws IOException {
        store().updateMessages("a", List.of(UserMessage.from("x")));
        store().deleteMessages("a");
        store().deleteMessages("a");
        assertThat(store().getMessages("a")).isEmpty();
        assertThat(files("chats")).isEmpty();
    }

    @Test
    void what_a_killed_writer_left_is_taken_away_later() throws IOException {
        store();
        Path fresh = Files.createFile(folder.resolve("chats").resolve("1.part"));
        Path old = Files.createFile(folder.resolve("chats").resolve("2.part"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        store();
        assertThat(fresh).exists();
        assertThat(old).doesNotExist();
    }

    @Test
    void what_is_no_conversation_is_said() throws IOException {
        store().updateMessages("a", List.of(UserMessage.from("x")));
        Files.writeString(files("chats").get(0), "[{\"type\": \"USER\"", StandardCharsets.UTF_8);
        assertThatThrownBy(() -> store().getMessages("a")).isInstanceOfSatisfying(VilamException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE);
            assertThat(e).hasMessageContaining("\"a\" cannot be read");
        });
    }

    @Test
    void a_picture_that_is_not_there_is_not_found() {
        for (String id : List.of("ab".repeat(32), "../chats/x", "")) {
            assertThatThrownBy(() -> images().get(id))
                    .isInstanceOfSatisfying(
                            VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
    }

    @Property(tries = 50)
    void any_text_is_a_name(@ForAll String name, @ForAll String other) throws IOException {
        Path own = Files.createTempDirectory("records");
        FileChatRecords records = new FileChatRecords(own);
        records.write(name, "1");
        records.write(other, "2");
        assertThat(records.read(other)).contains("2");
        assertThat(records.read(name)).contains(name.equals(other) ? "2" : "1");
        records.delete(name);
        records.delete(other);
        Files.delete(own);
    }
}
