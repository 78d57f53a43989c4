package org.vilam.web.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageInfo;
import org.vilam.web.store.StoredJob.State;

class StoreTest {
    @TempDir
    Path home = Path.of("");

    private static StoredImage put(Store store, String content) {
        byte[] file = content.getBytes(StandardCharsets.UTF_8);
        StoredImage image =
                new StoredImage(ImageInfo.sha256Of(ByteBuffer.wrap(file)), 4, 3, "image/png", 6, file.length);
        store.images().put(image, file);
        return image;
    }

    private static void refused(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void a_picture_is_kept_with_its_facts_and_copies_and_survives_a_restart() {
        StoredImage image;
        try (Store store = Store.open(home)) {
            image = put(store, "pixels");
            store.images().putCopy(image.id(), "thumbnail.jpg", new byte[] {1, 2});
        }
        try (Store store = Store.open(home)) {
            assertThat(store.images().get(image.id())).isEqualTo(image);
            assertThat(store.images().file(image.id())).asString().isEqualTo("pixels");
            assertThat(store.images().copy(image.id(), "thumbnail.jpg")).hasValue(new byte[] {1, 2});
            assertThat(store.images().copy(image.id(), "upright.png")).isEmpty();
            assertThat(store.integrity()).isEqualTo("ok");
        }
    }

    @Test
    void the_same_picture_twice_is_one_file() throws IOException {
        try (Store store = Store.open(home)) {
            StoredImage image = put(store, "pixels");
            put(store, "pixels");
            assertThat(store.images().ids()).containsExactly(image.id());
        }
        try (Stream<Path> files = Files.walk(home.resolve("images"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    @Test
    void a_name_that_is_no_digest_reaches_no_file() {
        try (Store store = Store.open(home)) {
            for (String id : List.of("", "../vilam.db", "ab/../../vilam.db", "A".repeat(64), "0".repeat(64))) {
                refused(ErrorCode.NOT_FOUND, () -> store.images().file(id));
                refused(ErrorCode.NOT_FOUND, () -> store.images().delete(id));
            }
        }
    }

    @Test
    void a_picture_in_use_is_not_deleted_and_one_that_is_free_leaves_nothing() throws IOException {
        try (Store store = Store.open(home)) {
            StoredImage image = put(store, "pixels");
            store.images().putCopy(image.id(), "thumbnail.jpg", new byte[] {1});
            StoredSession session = store.sessions().create(image.id());
            refused(ErrorCode.CONFLICT, () -> store.images().delete(image.id()));
            store.sessions().delete(session.id());
            store.images().delete(image.id());
            refused(ErrorCode.NOT_FOUND, () -> store.images().get(image.id()));
        }
        try (Stream<Path> files = Files.walk(home.resolve("images"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void turns_are_numbered_from_one_and_the_first_gives_the_title() {
        try (Store store = Store.open(home)) {
            SessionStore sessions = store.sessions();
            StoredSession session = sessions.create(put(store, "pixels").id());
            assertThat(session.title()).isNull();
            assertThat(sessions.addTurn(session.id(), "{\"instruction\":\"the dog\"}", "{\"n\":1}"))
                    .isEqualTo(1);
            assertThat(sessions.addTurn(session.id(), "{\"instruction\":\"its tail\"}", "{\"n\":2}"))
                    .isEqualTo(2);
            StoredSession now = sessions.get(session.id());
            assertThat(now.turns()).isEqualTo(2);
            assertThat(now.title()).isEqualTo("the dog");
            assertThat(sessions.turns(session.id()))
                    .extracting(StoredTurn::result)
                    .containsExactly("{\"n\":1}", "{\"n\":2}");
            refused(ErrorCode.NOT_FOUND, () -> sessions.turn(session.id(), 3));
            refused(ErrorCode.NOT_FOUND, () -> sessions.addTurn("nobody", "{}", "{}"));
        }
    }

    @Test
    void corrections_pile_up_and_are_taken_back_last_first() {
        try (Store store = Store.open(home)) {
            SessionStore sessions = store.sessions();
            String session = sessions.create(put(store, "pixels").id()).id();
            sessions.addTurn(session, "{}", "{}");
            sessions.addCorrection(session, 1, "o1", "{\"a\":1}");
            sessions.addCorrection(session, 1, "o2", "{\"a\":2}");
            assertThat(sessions.turn(session, 1).corrections())
                    .extracting(StoredTurn.StoredCorrection::object)
                    .containsExactly("o1", "o2");
            assertThat(sessions.undoCorrection(session, 1))
                    .hasValueSatisfying(last -> assertThat(last.change()).isEqualTo("{\"a\":2}"));
            assertThat(sessions.undoCorrection(session, 1)).isPresent();
            assertThat(sessions.undoCorrection(session, 1)).isEmpty();
        }
    }

    @Test
    void a_deleted_session_takes_its_turns_and_corrections_with_it() {
        try (Store store = Store.open(home)) {
            SessionStore sessions = store.sessions();
            String session = sessions.create(put(store, "pixels").id()).id();
            sessions.addTurn(session, "{}", "{}");
            sessions.addCorrection(session, 1, "o1", "{}");
            sessions.delete(session);
            assertThat(sessions.list(10)).isEmpty();
            assertThat(sessions.turns(session)).isEmpty();
            refused(ErrorCode.NOT_FOUND, () -> sessions.delete(session));
            assertThat(store.integrity()).isEqualTo("ok");
        }
    }

    @Test
    void sessions_are_listed_the_last_used_first() throws InterruptedException {
        try (Store store = Store.open(home)) {
            String image = put(store, "pixels").id();
            String first = store.sessions().create(image).id();
            Thread.sleep(2);
            String second = store.sessions().create(image).id();
            Thread.sleep(2);
            store.sessions().addTurn(first, "{}", "{}");
            assertThat(store.sessions().list(10)).extracting(StoredSession::id).containsExactly(first, second);
            assertThat(store.sessions().list(1)).hasSize(1);
        }
    }

    @Test
    void a_job_collects_results_and_an_ended_one_does_not_begin_again() {
        try (Store store = Store.open(home)) {
            JobStore jobs = store.jobs();
            String image = put(store, "pixels").id();
            StoredJob job = jobs.create("{}", List.of(image, image));
            assertThat(job.state()).isEqualTo(State.QUEUED);
            assertThat(jobs.open()).containsExactly(job.id());
            assertThat(jobs.advance(job.id(), State.RUNNING)).isTrue();
            jobs.answer(job.id(), 0, "{\"a\":1}", null);
            assertThat(jobs.get(job.id()).ended()).isEqualTo(1);
            assertThat(jobs.advance(job.id(), State.CANCELLED)).isTrue();
            assertThat(jobs.advance(job.id(), State.DONE)).isFalse();
            StoredJob ended = jobs.get(job.id());
            assertThat(ended.state()).isEqualTo(State.CANCELLED);
            assertThat(ended.finished()).isNotNull();
            assertThat(jobs.open()).isEmpty();
        }
    }

    @Test
    void a_second_program_is_kept_out_of_the_folder() {
        try (Store store = Store.open(home)) {
            assertThat(store.integrity()).isEqualTo("ok");
            refused(ErrorCode.CONFLICT, () -> Store.open(home));
        }
        Store.open(home).close();
    }

    @Test
    void a_file_that_is_no_database_is_refused_and_left_as_it_is() throws IOException {
        Path file = home.resolve("vilam.db");
        Files.writeString(
                file, "not a database, and long enough that SQLite does not take it for an empty one ".repeat(20));
        byte[] before = Files.readAllBytes(file);
        refused(ErrorCode.FILE_UNREADABLE, () -> Store.open(home));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void the_store_of_a_newer_program_is_refused() {
        Store.open(home).close();
        try (Database database = Database.open(home.resolve("vilam.db"))) {
            database.transaction(handle -> handle.execute("PRAGMA user_version = 99"));
        }
        refused(ErrorCode.FILE_UNREADABLE, () -> Store.open(home));
    }

    @Test
    void a_transaction_that_fails_leaves_nothing() {
        Store.open(home).close();
        try (Database database = Database.open(home.resolve("vilam.db"))) {
            assertThatThrownBy(() -> database.transaction(handle -> {
                        handle.execute("INSERT INTO image VALUES ('x', 1, 1, 'image/png', 1, 1, 0)");
                        throw new IllegalStateException("in the middle");
                    }))
                    .hasMessage("in the middle");
            assertThat(database.<Integer>with(handle -> handle.createQuery("SELECT count(*) FROM image")
                            .mapTo(Integer.class)
                            .one()))
                    .isZero();
        }
    }
}
