package org.vilam.vision.checkpoint;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vilam.vision.error.VilamException;

/**
 * The header of a safetensors file: eight bytes of length, then JSON that names every tensor.
 *
 * <p>Checked as the reference library does (safetensors 0.8, {@code read_metadata} and {@code Metadata::validate}): the
 * tensors must cover the rest of the file without hole, overlap or remainder. Stricter in one point: a name that occurs
 * twice is refused even where both entries agree, as the format's description demands.
 */
final class SafetensorsHeader {
    /** The reference library's limit. */
    static final int MAX_BYTES = 100_000_000;

    static final String METADATA = "__metadata__";

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    // Types of the format that DType lacks: the file is sound, this program does not read it.
    private static final Set<String> OTHER_TYPES =
            Set.of("F8_E4M3", "F8_E5M2", "F8_E8M0", "F6_E2M3", "F6_E3M2", "F4", "U16", "U32", "U64", "C64");

    /**
     * One tensor's place.
     *
     * @param info name, type and shape
     * @param begin first byte, from the start of the file
     */
    record Entry(TensorInfo info, long begin) {}

    private final Path file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsHeader(Path file) {
        this.file = file;
    }

    /** The tensors in the order of their bytes. */
    Map<String, Entry> entries() {
        return entries;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    static SafetensorsHeader read(MappedFile file) {
        SafetensorsHeader header = new SafetensorsHeader(file.path());
        if (file.size() < Long.BYTES) {
            throw Refusals.corrupt(file.path(), "a safetensors file has at least 8 bytes, this one has " + file.size());
        }
        long length = file.slice(0, Long.BYTES).getLong();
        if (length < 0 || length > MAX_BYTES) {
            throw Refusals.corrupt(
                    file.path(),
                    "the header length " + Long.toUnsignedString(length) + " is over the format's limit of "
                            + MAX_BYTES);
        }
        if (length > file.size() - Long.BYTES) {
            throw Refusals.corrupt(
                    file.path(), "the header length " + length + " goes beyond the file's " + file.size() + " bytes");
        }
        List<Unplaced> found = header.parse(header.text(file.slice(Long.BYTES, length)));
        header.place(found, Long.BYTES + length, file.size());
        return header;
    }

    private String text(ByteBuffer bytes) {
        if (bytes.remaining() == 0 || bytes.get(0) != '{') {
            throw corrupt("the header does not begin with '{'");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw Refusals.corrupt(file, "the header is not UTF-8", e);
        }
    }

    /** A tensor as the JSON states it; offsets count from the end of the header. */
    private record Unplaced(TensorInfo info, long begin, long end) {}

    private List<Unplaced> parse(String text) {
        List<Unplaced> found = new ArrayList<>();
        try (JsonParser json = JSON.createParser(text)) {
            expect(json.nextToken() == JsonToken.START_OBJECT, "the header is no JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals(METADATA)) {
                    parseMetadata(json);
                } else {
                    found.add(parseTensor(name, json));
                }
            }
            expect(json.nextToken() == null, "the header goes on after its JSON object");
        } catch (IOException e) {
            throw Refusals.corrupt(file, "the header is no valid JSON: " + firstLine(e), e);
        }
        return found;
    }

    private void parseMetadata(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(json.currentToken() == JsonToken.START_OBJECT, METADATA + " is no object");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            expect(json.nextToken() == JsonToken.VALUE_STRING, METADATA + ": the value of " + name + " is no string");
            metadata.put(name, json.getText());
        }
    }

    private Unplaced parseTensor(String name, JsonParser json) throws IOException {
        expect(json.currentToken() == JsonToken.START_OBJECT, "tensor " + name + ": not an object");
        DType dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "dtype" -> dtype = dtype(name, json);
                case "shape" -> shape = wholes(name, field, json);
                case "data_offsets" -> offsets = wholes(name, field, json);
                // The reference reader passes over other fields.
                default -> json.skipChildren();
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw corrupt("tensor " + name + " lacks "
                    + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
        }
        expect(offsets.length == 2, "tensor " + name + ": data_offsets must be two numbers");
        long bytes = TensorInfo.bytes(dtype, shape);
        expect(bytes >= 0, "tensor " + name + ": the product of its shape overflows 64 bits");
        expect(offsets[0] <= offsets[1], "tensor " + name + ": data_offsets end before they begin");
        expect(
                offsets[1] - offsets[0] == bytes,
                "tensor " + name + ": shape and dtype take " + bytes + " bytes, data_offsets give "
                        + (offsets[1] - offsets[0]));
        return new Unplaced(new TensorInfo(name, dtype, new Shape(shape)), offsets[0], offsets[1]);
    }

    private DType dtype(String name, JsonParser json) throws IOException {
        expect(json.currentToken() == JsonToken.VALUE_STRING, "tensor " + name + ": dtype is no string");
        String dtype = json.getText();
        for (DType known : DType.values()) {
            if (known.name().equals(dtype)) {
                return known;
            }
        }
        if (OTHER_TYPES.contains(dtype)) {
            throw Refusals.unsupported(
                    file, "tensor " + name + " has dtype " + dtype, "Convert the file to F32, F16 or BF16 first.");
        }
        throw corrupt("tensor " + name + " has the unknown dtype " + dtype);
    }

    private long[] wholes(String name, String field, JsonParser json) throws IOException {
        expect(json.currentToken() == JsonToken.START_ARRAY, "tensor " + name + ": " + field + " is no array");
        List<Long> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            // getLongValue throws on more than 63 bits; no file is that long.
            expect(
                    json.currentToken() == JsonToken.VALUE_NUMBER_INT
                            && !json.getText().startsWith("-"),
                    "tensor " + name + ": " + field + " must hold whole numbers from 0");
            values.add(json.getLongValue());
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private void place(List<Unplaced> found, long dataBegin, long fileSize) {
        List<Unplaced> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingLong(Unplaced::begin).thenComparingLong(Unplaced::end));
        long reached = 0;
        for (Unplaced tensor : sorted) {
            if (tensor.begin() != reached) {
                throw corrupt("tensor " + tensor.info().name() + " begins at byte " + tensor.begin()
                        + " of the data, the one before ends at " + reached);
            }
            reached = tensor.end();
            entries.put(tensor.info().name(), new Entry(tensor.info(), dataBegin + tensor.begin()));
        }
        if (reached != fileSize - dataBegin) {
            throw corrupt("the tensors take " + reached + " bytes, the file holds " + (fileSize - dataBegin));
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw corrupt(otherwise);
        }
    }

    private VilamException corrupt(String detail) {
        return Refusals.corrupt(file, detail);
    }
}
