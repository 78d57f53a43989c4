package org.vilam.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.vision.image.RgbImage;
import org.vilam.web.image.EncodedImage;
import org.vilam.web.image.RemoteAccess;
import org.vilam.web.server.RunningServer;
import org.vilam.web.server.RunningServer.Answer;
import org.vilam.web.server.RunningServer.Part;
import org.vilam.web.server.ServerConfig;

class ImagesApiTest {
    @TempDir
    static Path home = Path.of("");

    private static RunningServer server;

    @BeforeAll
    static void start() {
        ServerConfig local = ServerConfig.local(home);
        server =
                new RunningServer(new ServerConfig(local.host(), 0, home, 300_000, 2, 8, List.of(), RemoteAccess.NONE));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void refused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().get("code").textValue()).isEqualTo(code);
    }

    @Test
    void a_picture_sent_as_body_or_form_has_the_same_id_and_comes_back_upright() {
        byte[] png = RunningServer.png(30, 20);
        Answer body = server.send("POST", "/v1/images", png, "Content-Type", "image/png");
        assertThat(body.status()).isEqualTo(201);
        JsonNode json = body.json();
        assertThat(json.get("id").textValue()).matches("[0-9a-f]{64}");
        assertThat(json.get("width").intValue()).isEqualTo(30);
        assertThat(json.get("height").intValue()).isEqualTo(20);
        assertThat(json.get("media_type").textValue()).isEqualTo("image/png");
        assertThat(json.get("exif_orientation").intValue()).isEqualTo(1);
        assertThat(body.header("Location"))
                .isEqualTo("/v1/images/" + json.get("id").textValue());
        Answer form = server.form("/v1/images", Part.file("image", "../../etc/passwd", png));
        assertThat(form.json()).isEqualTo(json);

        Answer back = server.get(json.get("url").textValue());
        assertThat(back.header("Content-Type")).isEqualTo("image/png");
        assertThat(back.header("Cache-Control")).contains("immutable");
        assertThat(new ImageDecoder().decode(back.bytes()).pixels().rgb())
                .isEqualTo(new ImageDecoder().decode(png).pixels().rgb());
    }

    /** A JPEG whose EXIF says that the camera was held on its side (orientation 6). */
    private static byte[] turnedJpeg(int width, int height) {
        byte[] plain = EncodedImage.jpeg(new RgbImage(width, height, new byte[3 * width * height]), 0.9f)
                .bytes();
        byte[] exif = {
            (byte) 0xFF,
            (byte) 0xE1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0, // APP1
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8, // TIFF header, big-endian
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            6,
            0,
            0, // one entry: orientation 6
            0,
            0,
            0,
            0
        };
        byte[] turned = new byte[plain.length + exif.length];
        System.arraycopy(plain, 0, turned, 0, 2);
        System.arraycopy(exif, 0, turned, 2, exif.length);
        System.arraycopy(plain, 2, turned, 2 + exif.length, plain.length - 2);
        return turned;
    }

    @Test
    void a_photo_taken_on_its_side_is_measured_and_given_back_upright() {
        Answer answer = server.send("POST", "/v1/images", turnedJpeg(40, 20), "Content-Type", "image/jpeg");
        assertThat(answer.json().get("width").intValue()).isEqualTo(20);
        assertThat(answer.json().get("height").intValue()).isEqualTo(40);
        assertThat(answer.json().get("exif_orientation").intValue()).isEqualTo(6);
        Answer back = server.get(answer.json().get("url").textValue());
        assertThat(back.header("Content-Type")).isEqualTo("image/jpeg");
        RgbImage upright = new ImageDecoder().decode(back.bytes()).pixels();
        assertThat(upright.width()).isEqualTo(20);
        assertThat(new ImageDecoder().decode(back.bytes()).info().orientation()).isEqualTo(1);
    }

    @Test
    void a_thumbnail_fits_into_256_pixels_and_keeps_its_shape() {
        String id = server.image(600, 300);
        Answer thumbnail = server.get("/v1/images/" + id + "/thumbnail");
        RgbImage small = new ImageDecoder().decode(thumbnail.bytes()).pixels();
        assertThat(small.width()).isEqualTo(256);
        assertThat(small.height()).isEqualTo(128);
        assertThat(server.get("/v1/images/" + id + "/thumbnail").bytes()).isEqualTo(thumbnail.bytes());
    }

    @Test
    void what_is_no_picture_is_refused_with_a_code() {
        refused(
                server.send(
                        "POST",
                        "/v1/images",
                        "hello, I am text".getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        "image/png"),
                415,
                "image_unsupported");
        byte[] cut = RunningServer.png(30, 20);
        cut = java.util.Arrays.copyOf(cut, cut.length / 2);
        refused(server.send("POST", "/v1/images", cut, "Content-Type", "image/png"), 422, "image_corrupt");
        refused(server.send("POST", "/v1/images", new byte[0], "Content-Type", "image/png"), 400, "invalid_argument");
        refused(server.post("/v1/images", "{}"), 415, "media_type_unsupported");
        refused(server.form("/v1/images"), 400, "invalid_argument");
        refused(server.form("/v1/images", Part.file("image", "a.png", new byte[0])), 400, "invalid_argument");
        refused(server.form("/v1/images", Part.text("image", "a.png")), 400, "invalid_argument");
    }

    @Test
    void a_field_that_is_unknown_is_refused_by_its_name() {
        Answer answer = server.form(
                "/v1/images",
                Part.file("image", "a.png", RunningServer.png(4, 4)),
                Part.file("imagee", "b.png", RunningServer.png(4, 4)));
        refused(answer, 400, "invalid_argument");
        assertThat(answer.json().get("detail").textValue()).startsWith("imagee: ");
        assertThat(answer.json().get("hint").textValue()).contains("image");
    }

    @Test
    void a_file_over_the_limit_is_refused_whichever_way_it_comes() {
        byte[] big = new byte[2_000_000];
        refused(server.send("POST", "/v1/images", big, "Content-Type", "image/png"), 413, "request_too_large");
        refused(server.form("/v1/images", Part.file("image", "big.png", big)), 413, "request_too_large");
        byte[] little = new byte[400_000];
        little[0] = (byte) 0x89;
        refused(server.send("POST", "/v1/images", little, "Content-Type", "image/png"), 413, "image_too_large");
    }

    @Test
    void a_picture_that_would_unpack_to_gigabytes_is_refused_from_its_header() {
        byte[] bomb = Base64.getDecoder()
                .decode("iVBORw0KGgoAAAANSUhEUgAA+gAAAPoACAIAAACt1pAcAAAADElEQVR4nGNgGBkAAAEBAAGDmIRBAAAAAElFTkSuQmCC");
        Answer answer = server.send("POST", "/v1/images", bomb, "Content-Type", "image/png");
        assertThat(answer.status()).as(answer.text()).isBetween(413, 422);
    }

    @Test
    void a_body_that_is_no_form_though_it_says_so_is_refused() {
        Answer answer = server.send(
                "POST", "/v1/images", new byte[] {1, 2, 3}, "Content-Type", "multipart/form-data; boundary=x");
        refused(answer, 400, "invalid_argument");
        assertThat(answer.header("Connection")).isEqualTo("close");
        refused(
                server.send("POST", "/v1/images", new byte[] {1, 2, 3}, "Content-Type", "multipart/form-data"),
                400,
                "invalid_argument");
    }

    @Test
    void a_picture_can_be_forgotten() {
        String id = server.image(31, 17);
        assertThat(server.delete("/v1/images/" + id).status()).isEqualTo(204);
        refused(server.get("/v1/images/" + id), 404, "not_found");
        refused(server.get("/v1/images/..%2F..%2Fvilam.db"), 404, "not_found");
    }
}
