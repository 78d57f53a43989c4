package org.vilam.assistant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.Sha256;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Installing over HTTP from a server in this process, with all that can go wrong on the way. */
@org.jspecify.annotations.NullUnmarked
final class ModelInstallTest {
    private static final String WEIGHTS = "native/model.safetensors";

    @TempDir
    private Path folder;

    private FileServer server;
    private ModelStore store;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void serveModels() throws IOException {
        Path served = Files.createDirectory(folder.resolve("served"));
        Path huggingFace = PublishedFiles.llama(served.resolve("hub/resolve/main"));
        ModelImport.of(List.of(huggingFace)).into(served.resolve("native"));
        server = new FileServer(served);
        store = new ModelStore(folder.resolve("store"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ModelInstall install() {
        return new ModelInstall(store, said::add, 3, Duration.ofMillis(1));
    }

    private Path served(String path) {
        return folder.resolve("served").resolve(path);
    }

    @Test
    void a_model_folder_is_installed_file_by_file_and_is_the_same_model() {
        ModelFolder installed = install().fromAddress(server.address("native"), "mine");
        assertThat(installed.sha256())
                .isEqualTo(ModelFolder.open(served("native")).sha256());
        assertThat(ModelVerification.of(installed).checks())
                .hasSize(4)
                .allSatisfy(check -> assertThat(check.outcome()).isEqualTo(ModelVerification.Outcome.PASSED));
        assertThat(store.list()).extracting(ModelStore.Entry::id).containsExactly("mine");
        assertThat(folder.resolve("store"))
                .isDirectoryNotContaining(path -> path.toString().endsWith(".install"));
    }

    @Test
    void a_hugging_face_repository_is_downloaded_with_its_shards_and_imported() {
        ModelFolder installed = install().fromAddress(server.address("hub"), "llama");
        assertThat(installed.config().path("family").asText()).isEqualTo("llama");
        assertThat(server.requests).anyMatch(request -> request.contains("model-00002-of-"));
        assertThat(ModelVerification.of(installed).passed()).isTrue();
    }

    @Test
    void a_broken_connection_goes_on_where_it_broke() throws IOException {
        server.breaks.put(WEIGHTS, List.of(1000, 5000));
        install().fromAddress(server.address("native"), "mine");
        assertThat(server.requests.stream().filter(request -> request.startsWith(WEIGHTS)))
                .containsExactly(WEIGHTS + " ", WEIGHTS + " bytes=1000-", WEIGHTS + " bytes=6000-");
    }

    @Test
    void a_later_run_uses_what_an_earlier_one_has_downloaded() {
        server.breaks.put(WEIGHTS, List.of(1000, 0, 0));
        refused(
                () -> install().fromAddress(server.address("native"), "mine"),
                ErrorCode.FILE_UNREADABLE,
                "model.safetensors");
        assertThat(store.list()).as("nothing is there before all is").isEmpty();
        server.requests.clear();
        install().fromAddress(server.address("native"), "mine");
        assertThat(server.requests).contains(WEIGHTS + " bytes=1000-").doesNotContain("native/config.json");
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void a_file_that_changed_meanwhile_is_downloaded_from_its_beginning() throws IOException {
        server.breaks.put(WEIGHTS, List.of(1000, 0, 0));
        refused(() -> install().fromAddress(server.address("native"), "mine"), ErrorCode.FILE_UNREADABLE, "");
        Path other = ModelImport.of(List.of(served("hub/resolve/main")))
                .store(DType.F16)
                .into(folder.resolve("other"))
                .folder()
                .path();
        for (String name : List.of("model.safetensors", "provenance.json", "probe.json")) {
            Files.copy(other.resolve(name), served("native/" + name), StandardCopyOption.REPLACE_EXISTING);
        }
        ModelFolder installed = install().fromAddress(server.address("native"), "mine");
        assertThat(installed.sha256()).isEqualTo(ModelFolder.open(other).sha256());
    }

    @Test
    void a_wrong_sum_installs_nothing() throws IOException {
        byte[] weights = Files.readAllBytes(served("native/model.safetensors"));
        weights[weights.length - 1] ^= 1;
        Files.write(served("native/model.safetensors"), weights);
        refused(() -> install().fromAddress(server.address("native"), "mine"), ErrorCode.MODEL_INVALID, "sha256");
        assertThat(store.list()).isEmpty();
    }

    @Test
    void a_sum_that_is_stated_on_the_way_of_a_redirection_is_checked() throws IOException {
        String config = "hub/resolve/main/config.json";
        Files.move(served(config), served("elsewhere.json"));
        server.redirects.put(config, "/elsewhere.json");
        server.headers.put(config, Map.of("X-Linked-Etag", "\"" + "0".repeat(64) + "\""));
        refused(
                () -> install().fromAddress(server.address("hub"), "llama"),
                ErrorCode.MODEL_INVALID,
                "expected is 0000");
        server.headers.put(config, Map.of("X-Linked-Etag", "\"" + Sha256.of(served("elsewhere.json")) + "\""));
        install().fromAddress(server.address("hub"), "llama");
        assertThat(said).anyMatch(line -> line.startsWith("config.json") && line.endsWith("sum is right"));
    }

    @Test
    void redirections_in_a_circle_and_to_other_schemes_are_refused() {
        server.redirects.put("native/provenance.json", "/native/provenance.json");
        refused(() -> install().fromAddress(server.address("native"), "a"), ErrorCode.FILE_UNREADABLE, "more than 5");
        server.redirects.put("native/provenance.json", "file:///etc/passwd");
        refused(() -> install().fromAddress(server.address("native"), "b"), ErrorCode.FILE_UNREADABLE, "file");
    }

    @Test
    void trouble_that_passes_is_waited_for_and_a_refusal_is_not() {
        server.statuses.put("native/config.json", List.of(503, 429));
        install().fromAddress(server.address("native"), "mine");
        server.requests.clear();
        server.statuses.put("native/provenance.json", List.of(403));
        refused(() -> install().fromAddress(server.address("native"), "other"), ErrorCode.FILE_UNREADABLE, "403");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void an_address_without_a_model_is_said_to_be_one() {
        refused(
                () -> install().fromAddress(server.address("nothing"), "mine"),
                ErrorCode.FILE_UNREADABLE,
                "holds neither");
    }

    @Test
    void a_file_outside_of_the_folder_is_never_written() throws IOException {
        Path provenance = served("native/provenance.json");
        Files.writeString(
                provenance, Files.readString(provenance).replace("\"config.json\"", "\"../../../evil.json\""));
        refused(() -> install().fromAddress(server.address("native"), "mine"), ErrorCode.MODEL_INVALID, "outside");
        assertThat(folder.resolve("evil.json")).doesNotExist();
    }

    @Test
    void a_local_folder_is_copied_and_checked() throws IOException {
        ModelFolder installed = install().fromFolder(served("native"), "copy");
        assertThat(installed.sha256())
                .isEqualTo(ModelFolder.open(served("native")).sha256());
        Files.writeString(served("native/config.json"), "{}");
        refused(() -> install().fromFolder(served("native"), "second"), ErrorCode.MODEL_INVALID, "config.json");
        refused(() -> install().fromFolder(served("native"), "copy"), ErrorCode.INVALID_ARGUMENT, "already");
        refused(() -> install().fromFolder(served("native"), "../copy"), ErrorCode.INVALID_ARGUMENT, "no name");
        assertThat(install()
                        .fromFolder(served("hub/resolve/main"), "imported")
                        .config()
                        .path("family")
                        .asText())
                .isEqualTo("llama");
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VilamException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
                .hasMessageContaining(text);
    }
}
