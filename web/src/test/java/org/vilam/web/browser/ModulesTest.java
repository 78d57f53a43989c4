package org.vilam.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Parts of the page that can be looked at alone, with many made-up inputs. */
final class ModulesTest extends BrowserCase {
    /** Numbers that are random and the same in every run. */
    private static final String RANDOM =
            "let seed = 7; const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;";

    @Test
    void tags_never_cover_each_other_and_never_leave_the_stage() {
        JsonNode bad = run("""
                const { placeLabels } = await import('/js/canvas/labels.js');
                const bad = [];
                for (let round = 0; round < 300; round++) {
                  const stage = { width: 300 + 900 * random(), height: 200 + 600 * random() };
                  const requests = Array.from({ length: Math.floor(1 + 80 * random()) }, (_, i) => {
                    const x = stage.width * (1.4 * random() - 0.2), y = stage.height * (1.4 * random() - 0.2);
                    const box = [x, y, x + 200 * random(), y + 200 * random()];
                    return { key: String(i), box, full: 40 + 160 * random(), short: 22, priority: random(), lit: random() < 0.1 };
                  });
                  const placed = [...placeLabels(requests, 20, stage).values()];
                  placed.forEach((a, i) => {
                    if (a.x < 0 || a.y < 0 || a.x + a.width > stage.width + 1e-9 || a.y + 20 > stage.height + 1e-9) bad.push([round, 'out']);
                    placed.slice(i + 1).forEach((b) => {
                      if (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + 20 && b.y < a.y + 20) bad.push([round, 'over']);
                    });
                  });
                  if (requests.length === 1 && requests[0].box[0] > 0 && requests[0].box[1] > 0 && !placed.length) bad.push([round, 'none']);
                }
                return bad;""");
        assertThat(bad).isEmpty();
    }

    @Test
    void events_are_read_the_same_however_the_stream_is_cut() {
        JsonNode wrong = run("""
                const { serverSentEvents } = await import('/js/sse.js');
                const text = ': hello\\r\\nevent: progress\\ndata: {"words": "grüße"}\\n\\n\\nevent: a\\rdata: 1\\rdata:  2\\r\\rdata: last';
                const bytes = new TextEncoder().encode(text);
                const expected = JSON.stringify([
                  { event: 'progress', data: '{"words": "grüße"}' }, { event: 'a', data: '1\\n 2' }, { event: 'message', data: 'last' }]);
                const wrong = [];
                for (let round = 0; round < 200; round++) {
                  const body = new ReadableStream({ start(c) {
                    for (let at = 0; at < bytes.length; ) {
                      const to = Math.min(bytes.length, at + 1 + Math.floor(12 * random()));
                      c.enqueue(bytes.slice(at, to));
                      at = to;
                    }
                    c.close();
                  } });
                  const events = [];
                  for await (const event of serverSentEvents(body)) events.push(event);
                  if (JSON.stringify(events) !== expected) wrong.push(events);
                }
                return wrong;""");
        assertThat(wrong).isEmpty();
    }

    @Test
    void a_simplified_ring_stays_near_the_ring() {
        JsonNode worst = run("""
                const { simplifyRing, distanceToSegment } = await import('/js/model/geometry.js');
                let worst = 0, saved = 0;
                for (let round = 0; round < 100; round++) {
                  const n = 5 + Math.floor(200 * random()), tolerance = 3 * random();
                  const ring = Array.from({ length: n }, (_, i) => {
                    const a = 2 * Math.PI * i / n, r = 60 + 20 * random();
                    return [100 + r * Math.cos(a), 100 + r * Math.sin(a)];
                  });
                  const simple = simplifyRing(ring, tolerance);
                  saved += n - simple.length;
                  for (const [x, y] of ring) {
                    const d = Math.min(...simple.map((p, i) => distanceToSegment(x, y, p, simple[(i + 1) % simple.length])));
                    worst = Math.max(worst, d - tolerance);
                  }
                }
                return [worst, saved];""");
        assertThat(worst.get(0).asDouble()).isLessThanOrEqualTo(1e-9);
        assertThat(worst.get(1).asInt()).isGreaterThan(1000);
    }

    @Test
    void a_hole_belongs_to_what_lies_behind_it() {
        JsonNode hits = run("""
                const { drawableAt } = await import('/js/model/drawables.js');
                const square = (a, b) => [[a, a], [b, a], [b, b], [a, b]];
                const thing = (key, box, polygons) => ({ key, box, polygons, keypoints: [], point: null });
                const all = [thing('behind', [0, 0, 100, 100], []),
                    thing('frame', [10, 10, 90, 90], [{ exterior: square(10, 90), holes: [square(30, 70)] }])];
                return [[50, 50], [20, 20], [5, 5], [200, 50]].map(([x, y]) => drawableAt(all, x, y, 1)?.key ?? 'nothing');""");
        assertThat(hits.toString()).isEqualTo("[\"behind\",\"frame\",\"behind\",\"nothing\"]");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the command is for a POSIX shell")
    void the_copied_command_means_to_a_shell_what_was_asked() throws IOException, InterruptedException {
        String words = "it's \"quoted\" $HOME `id` \\ and\nnew; lines #1 äöü";
        String command = run("""
                const { curlOf } = await import('/js/ui/curl.js');
                const { Api } = await import('/js/api.js');
                const turn = { n: 1, instruction: WORDS, task: 'box', regions: [{ point: [1, 2] }], options: {} };
                return curlOf(new Api(), turn, { imageId: 'abc', sessionId: 's1' });""".replace("WORDS", Page.quoted(words))).asText();
        assertThat(command).startsWith("curl ");
        Process shell = new ProcessBuilder("sh", "-c", "curl() { printf '%s\\0' \"$@\"; }; " + command).start();
        String[] arguments = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\0");
        assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(arguments).hasSize(6).contains(server.url() + "v1/ground", "Content-Type: application/json");
        JsonNode body = DevTools.JSON.readTree(arguments[5]);
        assertThat(body.path("instruction").asText()).isEqualTo(words);
        assertThat(body.at("/image/id").asText()).isEqualTo("abc");
        assertThat(body.at("/regions/0/point/1").asInt()).isEqualTo(2);
    }

    /** A slide with many cells stays under the pointer: 50 ms a frame, counted in CPU time, which a busy machine does not stretch. */
    @Test
    void two_thousand_outlines_are_painted_in_time() {
        page.call("Performance.enable", "timeDomain", "threadTicks");
        run("""
                const { Overlay } = await import('/js/canvas/overlay.js');
                const { Viewport } = await import('/js/canvas/viewport.js');
                const { PALETTE } = await import('/js/model/colours.js');
                const viewport = new Viewport();
                viewport.resize(800, 700);
                viewport.setImage(8000, 6000);
                const drawables = Array.from({ length: 2000 }, (_, i) => {
                  const cx = 8000 * random(), cy = 6000 * random();
                  const exterior = Array.from({ length: 40 }, (_, k) => {
                    const a = 2 * Math.PI * k / 40, r = 50 + 20 * random();
                    return [cx + r * Math.cos(a), cy + r * Math.sin(a)];
                  });
                  return { key: 'o:' + i, kind: 'object', number: String(i + 1), name: 'cell', score: '0.90', colour: PALETTE[i % 7],
                    box: [cx - 70, cy - 70, cx + 70, cy + 70], polygons: [{ exterior, holes: [] }], keypoints: [], point: null };
                });
                const canvas = document.createElement('canvas');
                canvas.width = 800;
                canvas.height = 700;
                const ctx = canvas.getContext('2d', { willReadFrequently: true });
                const overlay = new Overlay();
                const view = { overlay: true, labels: true, dim: false, near: false, opacity: 0.25, minScore: 0 };
                window.paintFrames = (count, zoom) => {
                  viewport.fit();
                  viewport.zoom(zoom);
                  for (let frame = 0; frame < count; frame++) {
                    ctx.setTransform(1, 0, 0, 1, 0, 0);
                    ctx.clearRect(0, 0, 800, 700);
                    overlay.paint(ctx, { viewport, ratio: 1, drawables, lit: new Set(['o:' + frame]), editing: null, view });
                    ctx.getImageData(0, 0, 1, 1); // until it has really been drawn
                  }
                };""");
        assertThat(frameMillis(1)).isLessThan(50);
        assertThat(frameMillis(6)).isLessThan(50);
    }

    private double frameMillis(double zoom) {
        page.eval("paintFrames(2, " + zoom + ")"); // outlines are simplified once for a zoom
        double before = cpuSeconds();
        page.eval("paintFrames(10, " + zoom + ")");
        double millis = (cpuSeconds() - before) * 100;
        System.out.printf("2,000 outlines, %.0f times fitted: %.1f ms of CPU a frame%n", zoom, millis);
        return millis;
    }

    private double cpuSeconds() {
        for (JsonNode metric : page.call("Performance.getMetrics").path("metrics")) {
            if (metric.path("name").asText().equals("TaskDuration")) {
                return metric.path("value").asDouble();
            }
        }
        throw new AssertionError("there is no TaskDuration");
    }

    private JsonNode run(String body) {
        return page.eval("(async () => {" + RANDOM + body + "})()");
    }
}
