package org.generalvision.weights;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file, parsed without trust. Every way in which a header can be wrong ends in an {@link
 * IllegalArgumentException} that says what is wrong, without the file's name.
 *
 * @param tensors by name
 * @param metadata the strings under {@code __metadata__}
 */
record SafetensorsHeader(SortedMap<String, TensorInfo> tensors, Map<String, String> metadata) {
    private static final String METADATA = "__metadata__";
    private static final int MAX_DIMENSIONS = 32;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Parses a header.
     *
     * @param bytes the header alone
     * @param dataBytes length of what follows the header in the file
     */
    static SafetensorsHeader parse(ByteBuffer bytes, long dataBytes) {
        SortedMap<String, TensorInfo> tensors = new TreeMap<>();
        Map<String, String> metadata = new TreeMap<>();
        try (JsonParser parser = JSON.createParser(text(bytes))) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "the header is not a JSON object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (name.equals(METADATA)) {
                    readMetadata(parser, metadata);
                } else {
                    tensors.put(name, readTensor(parser, name));
                }
            }
            require(parser.nextToken() == null, "something follows the JSON object of the header");
        } catch (JsonParseException | StreamConstraintsException e) {
            throw new IllegalArgumentException("the header is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the header cannot be parsed: " + e.getMessage(), e);
        }
        checkCover(tensors, dataBytes);
        return new SafetensorsHeader(Collections.unmodifiableSortedMap(tensors), Collections.unmodifiableMap(metadata));
    }

    private static String text(ByteBuffer bytes) {
        require(bytes.hasRemaining() && bytes.get(bytes.position()) == '{', "the header does not start with {");
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the header is not valid UTF-8", e);
        }
    }

    private static void readMetadata(JsonParser parser, Map<String, String> metadata) throws IOException {
        require(parser.nextToken() == JsonToken.START_OBJECT, "__metadata__ is not an object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            require(parser.nextToken() == JsonToken.VALUE_STRING, "__metadata__ entry " + key + " is not a string");
            metadata.put(key, parser.getText());
        }
    }

    private static TensorInfo readTensor(JsonParser parser, String name) throws IOException {
        String where = "tensor " + name;
        require(parser.nextToken() == JsonToken.START_OBJECT, where + " is not described by an object");
        TensorType type = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            switch (key) {
                case "dtype" -> type = readType(parser, where);
                case "shape" -> shape = readNumbers(parser, where + ", shape");
                case "data_offsets" -> offsets = readNumbers(parser, where + ", data_offsets");
                default -> throw new IllegalArgumentException(where + " has an unknown key " + key);
            }
        }
        if (type == null || shape == null || offsets == null) {
            throw new IllegalArgumentException(where + " lacks dtype, shape or data_offsets");
        }
        require(offsets.length == 2 && offsets[0] <= offsets[1], where + ": data_offsets must be [begin, end]");
        long length = offsets[1] - offsets[0];
        require(
                bytes(type, shape, where) == length,
                where + ": " + type + " " + Arrays.toString(shape) + " does not fill its " + length + " bytes");
        return new TensorInfo(name, type, new Shape(shape), offsets[0], length);
    }

    private static TensorType readType(JsonParser parser, String where) throws IOException {
        require(parser.nextToken() == JsonToken.VALUE_STRING, where + ": dtype is not a string");
        String name = parser.getText();
        @Nullable
        TensorType type = Arrays.stream(TensorType.values())
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElse(null);
        if (type == null) {
            throw new IllegalArgumentException(
                    where + " has the unknown dtype " + name + "; known are " + Arrays.toString(TensorType.values()));
        }
        return type;
    }

    private static long[] readNumbers(JsonParser parser, String where) throws IOException {
        require(parser.nextToken() == JsonToken.START_ARRAY, where + " is not a list");
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, where + " holds something else than integers");
            require(
                    parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER && parser.getLongValue() >= 0,
                    where + " holds a number outside of 0 to 2^63 - 1");
            numbers.add(parser.getLongValue());
            require(numbers.size() <= MAX_DIMENSIONS, where + " has more than " + MAX_DIMENSIONS + " entries");
        }
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private static long bytes(TensorType type, long[] shape, String where) {
        long bytes = type.bytes();
        try {
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(where + ": shape " + Arrays.toString(shape) + " overflows", e);
        }
    }

    /** The tensors must cover the data exactly: no hole, no overlap, nothing left over. */
    private static void checkCover(SortedMap<String, TensorInfo> tensors, long dataBytes) {
        List<TensorInfo> inOrder = new ArrayList<>(tensors.values());
        inOrder.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::length));
        long covered = 0;
        for (TensorInfo tensor : inOrder) {
            require(
                    tensor.offset() >= covered,
                    "tensor " + tensor.name() + " overlaps another one at byte " + tensor.offset() + " of the data");
            require(
                    tensor.offset() == covered,
                    "bytes " + covered + " to " + tensor.offset() + " of the data belong to no tensor");
            require(
                    tensor.length() <= dataBytes - covered,
                    "tensor " + tensor.name() + " ends after the end of the file, which may be truncated");
            covered += tensor.length();
        }
        require(covered == dataBytes, (dataBytes - covered) + " bytes follow the last tensor");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
