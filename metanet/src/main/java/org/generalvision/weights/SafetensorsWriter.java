package org.generalvision.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.generalvision.nn.Ops;

/**
 * Writes safetensors files: header padded to 8 bytes, tensors in the order of their names, elements in row-major order
 * whatever the array's layout in memory. A file appears only when it is whole, and the same arrays give the same bytes.
 */
public final class SafetensorsWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SafetensorsWriter() {}

    /**
     * Writes arrays in their own number formats.
     *
     * @param metadata strings for {@code __metadata__}
     * @return SHA-256 of the file, in hexadecimal
     * @throws IllegalArgumentException if an array's format cannot be stored
     * @throws java.io.UncheckedIOException if the file cannot be written; a former file of that name is then unharmed
     */
    public static String write(Path path, SortedMap<String, NDArray> arrays, Map<String, String> metadata) {
        return write(path, arrays, metadata, (name, array) -> TensorType.of(array.getDataType()));
    }

    /**
     * Writes arrays in chosen number formats: the array's own, or F16 or BF16 for a float32 array, rounded to nearest even.
     *
     * @param types the format of each array by name and array
     */
    public static String write(
            Path path,
            SortedMap<String, NDArray> arrays,
            Map<String, String> metadata,
            BiFunction<String, NDArray, TensorType> types) {
        List<Tensor> tensors = new ArrayList<>();
        arrays.forEach((name, array) -> tensors.add(new Tensor(name, array, types.apply(name, array))));
        byte[] header = header(tensors, metadata);
        return DurableFile.write(path, out -> {
            WritableByteChannel channel = Channels.newChannel(out);
            channel.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .flip());
            out.write(header);
            for (Tensor tensor : tensors) {
                tensor.writeTo(channel);
            }
        });
    }

    private static byte[] header(List<Tensor> tensors, Map<String, String> metadata) {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode strings = root.putObject("__metadata__");
            new TreeMap<>(metadata).forEach(strings::put);
        }
        long offset = 0;
        for (Tensor tensor : tensors) {
            long end = offset + tensor.array.getShape().size() * tensor.type.bytes();
            ObjectNode entry = root.putObject(tensor.name);
            entry.put("dtype", tensor.type.name());
            entry.set("shape", JSON.valueToTree(tensor.array.getShape().getShape()));
            entry.set("data_offsets", JSON.valueToTree(new long[] {offset, end}));
            offset = end;
        }
        return padded(root);
    }

    private static byte[] padded(ObjectNode root) {
        try {
            String text = JSON.writeValueAsString(root);
            int length = text.getBytes(StandardCharsets.UTF_8).length;
            return (text + " ".repeat(Math.floorMod(-length, 8))).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of strings and numbers is always writable", e);
        }
    }

    private record Tensor(String name, NDArray array, TensorType type) {
        Tensor {
            if (name.equals("__metadata__")) {
                throw new IllegalArgumentException("A tensor cannot be called __metadata__");
            }
            boolean half = type == TensorType.F16 || type == TensorType.BF16;
            TensorType own = TensorType.of(array.getDataType());
            if (own != type && !(half && own == TensorType.F32)) {
                throw new IllegalArgumentException("Tensor " + name + " is " + own + " and cannot become " + type);
            }
        }

        void writeTo(WritableByteChannel out) throws IOException {
            long elements = array.getShape().size();
            try (NDManager scratch = array.getManager().newSubManager()) {
                NDArray rowMajor = Ops.contiguous(array);
                rowMajor.attach(scratch);
                for (long start = 0; start < elements; start += ElementCodec.CHUNK) {
                    long count = Math.min(ElementCodec.CHUNK, elements - start);
                    try (NDArray part = Ops.range(rowMajor, start, count)) {
                        ByteBuffer bytes = ElementCodec.encode(part, type);
                        while (bytes.hasRemaining()) {
                            out.write(bytes);
                        }
                    }
                }
            }
        }
    }
}
