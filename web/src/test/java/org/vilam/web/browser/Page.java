package org.vilam.web.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;

/** One page in a browser context of its own, used as a person uses it: by pointer and keys. Coordinates are CSS pixels. */
final class Page implements AutoCloseable {
    static final int WIDTH = 1280;
    static final int HEIGHT = 800;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DevTools devTools;
    private final String context;
    private final String target;
    private final String session;

    Page(Chromium chromium) {
        devTools = chromium.devTools();
        context = devTools.call("", "Target.createBrowserContext")
                .path("browserContextId")
                .asText();
        target = devTools.call("", "Target.createTarget", "url", "about:blank", "browserContextId", context)
                .path("targetId")
                .asText();
        session = devTools.call("", "Target.attachToTarget", "targetId", target, "flatten", true)
                .path("sessionId")
                .asText();
        call("Page.enable");
        call("Runtime.enable");
        call("Log.enable");
        size(WIDTH, HEIGHT, 1);
    }

    JsonNode call(String method, Object... namesAndValues) {
        return devTools.call(session, method, namesAndValues);
    }

    /** The window's size in CSS pixels, and how many device pixels each of them is. */
    void size(int width, int height, double ratio) {
        call(
                "Emulation.setDeviceMetricsOverride",
                "width",
                width,
                "height",
                height,
                "deviceScaleFactor",
                ratio,
                "mobile",
                false);
    }

    /** What the system says about colours. */
    void prefer(String scheme) {
        call(
                "Emulation.setEmulatedMedia",
                "features",
                List.of(Map.of("name", "prefers-color-scheme", "value", scheme)));
    }

    void open(String url) {
        call("Page.navigate", "url", url);
        await("the page", () -> eval("document.readyState === 'complete'").asBoolean());
        // Modules run before "load", but a navigation may still show the old page's state for a moment.
        await(
                "the page's parts",
                () -> eval("!!document.querySelector('.task-chip')").asBoolean());
    }

    /** The value of a JavaScript expression, awaited where it is a promise. */
    JsonNode eval(String expression) {
        JsonNode answer =
                call("Runtime.evaluate", "expression", expression, "returnByValue", true, "awaitPromise", true);
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    String text(String selector) {
        return eval("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''")
                .asText();
    }

    int count(String selector) {
        return eval("document.querySelectorAll(" + quoted(selector) + ").length")
                .asInt();
    }

    void awaitElement(String selector) {
        await(selector, () -> count(selector) > 0);
    }

    void awaitText(String selector, String part) {
        await("“" + part + "” in " + selector, () -> text(selector).contains(part));
    }

    /** Waits until something holds; what it says of itself is in the failure. */
    void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what + "; the page says: " + text("body"));
            }
            Chromium.pause(25);
        }
    }

    /** The rectangle of an element: x, y, width, height. */
    double[] place(String selector) {
        JsonNode rect = eval("(() => { const e = document.querySelector(" + quoted(selector) + ");"
                + " if (!e) return null; e.scrollIntoView({block: 'nearest'});"
                + " const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()");
        if (!rect.isArray()) {
            throw new AssertionError("there is no " + selector);
        }
        return new double[] {
            rect.get(0).asDouble(),
            rect.get(1).asDouble(),
            rect.get(2).asDouble(),
            rect.get(3).asDouble()
        };
    }

    void click(String selector) {
        double[] r = place(selector);
        click(r[0] + r[2] / 2, r[1] + r[3] / 2);
    }

    void hover(String selector) {
        double[] r = place(selector);
        mouse("mouseMoved", r[0] + r[2] / 2, r[1] + r[3] / 2, 0);
    }

    void move(double x, double y) {
        mouse("mouseMoved", x, y, 0);
    }

    void click(double x, double y) {
        mouse("mouseMoved", x, y, 0);
        mouse("mousePressed", x, y, 1);
        mouse("mouseReleased", x, y, 1);
    }

    void drag(double fromX, double fromY, double toX, double toY) {
        mouse("mouseMoved", fromX, fromY, 0);
        mouse("mousePressed", fromX, fromY, 1);
        for (int i = 1; i <= 5; i++) {
            mouse("mouseMoved", fromX + (toX - fromX) * i / 5, fromY + (toY - fromY) * i / 5, 1);
        }
        mouse("mouseReleased", toX, toY, 1);
    }

    void dragRight(double fromX, double fromY, double toX, double toY) {
        for (String type : List.of("mousePressed", "mouseMoved", "mouseReleased")) {
            boolean start = type.equals("mousePressed");
            call(
                    "Input.dispatchMouseEvent",
                    "type",
                    type,
                    "x",
                    start ? fromX : toX,
                    "y",
                    start ? fromY : toY,
                    "button",
                    "right",
                    "buttons",
                    type.equals("mouseReleased") ? 0 : 2,
                    "clickCount",
                    1);
        }
    }

    void wheel(double x, double y, double delta) {
        call("Input.dispatchMouseEvent", "type", "mouseWheel", "x", x, "y", y, "deltaX", 0, "deltaY", delta);
    }

    private void mouse(String type, double x, double y, int buttons) {
        boolean moves = type.equals("mouseMoved");
        call(
                "Input.dispatchMouseEvent",
                "type",
                type,
                "x",
                x,
                "y",
                y,
                "button",
                moves && buttons == 0 ? "none" : "left",
                "buttons",
                buttons,
                "clickCount",
                moves ? 0 : 1);
    }

    /** Drops files from the desktop onto a place. */
    void drop(double x, double y, Path... files) {
        List<String> paths = new ArrayList<>();
        for (Path file : files) {
            paths.add(file.toAbsolutePath().toString());
        }
        Map<String, Object> data = Map.of("items", List.of(), "files", paths, "dragOperationsMask", 1);
        for (String type : List.of("dragEnter", "dragOver", "drop")) {
            call("Input.dispatchDragEvent", "type", type, "x", x, "y", y, "data", data);
        }
    }

    /** Types into whatever has the focus. */
    void type(String text) {
        call("Input.insertText", "text", text);
    }

    void press(String key) {
        press(key, 0);
    }

    void press(String name, int modifiers) {
        Keys key = Keys.of(name);
        for (String type : List.of(key.text().isEmpty() ? "rawKeyDown" : "keyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    "type",
                    type,
                    "key",
                    key.key(),
                    "code",
                    key.code(),
                    "windowsVirtualKeyCode",
                    key.number(),
                    "text",
                    type.equals("keyUp") || (modifiers & Keys.CTRL) != 0 ? "" : key.text(),
                    "modifiers",
                    modifiers);
        }
    }

    /** The window as it looks, in device pixels. */
    BufferedImage screenshot() {
        try {
            return ImageIO.read(new ByteArrayInputStream(png()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void saveScreenshot(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, png());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] png() {
        // Two frames: what was changed last has been painted then.
        eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
        return Base64.getDecoder()
                .decode(call("Page.captureScreenshot", "format", "png")
                        .path("data")
                        .asText());
    }

    /** Everything the page complained about: exceptions, refused requests, violations of its security policy. */
    List<String> complaints() {
        List<String> found = new ArrayList<>();
        for (JsonNode event : devTools.events(session)) {
            String method = event.path("method").asText();
            JsonNode parameters = event.path("params");
            if (method.equals("Runtime.exceptionThrown")) {
                found.add(parameters.path("exceptionDetails").toString());
            }
            if (method.equals("Log.entryAdded")
                    && parameters.path("entry").path("level").asText().equals("error")) {
                found.add(parameters.path("entry").path("text").asText() + " "
                        + parameters.path("entry").path("url").asText());
            }
            if (method.equals("Runtime.consoleAPICalled")
                    && parameters.path("type").asText().equals("error")) {
                found.add(parameters.path("args").toString());
            }
        }
        return found;
    }

    static String quoted(String text) {
        return DevTools.JSON.valueToTree(text).toString();
    }

    @Override
    public void close() {
        devTools.call("", "Target.closeTarget", "targetId", target);
        devTools.call("", "Target.disposeBrowserContext", "browserContextId", context);
        devTools.events(session).clear();
    }
}
