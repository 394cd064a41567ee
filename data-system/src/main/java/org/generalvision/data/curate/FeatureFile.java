package org.generalvision.data.curate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Features of examples in a safetensors file: a tensor {@code features} of shape [N, D] and type F32, one row for each example in
 * order, and if they are known to belong to a source, its hash under {@code source} in the metadata. Other tensors are skipped.
 */
final class FeatureFile {
    private static final String TENSOR = "features";
    private static final long MAX_HEADER = 100L << 20;
    private static final int MAX_WIDTH = 1 << 16;

    private FeatureFile() {}

    /**
     * Reads the features of a source, scaled to length 1.
     *
     * @throws IllegalArgumentException if the file is malformed or belongs to another source
     */
    static float[][] read(Path file, CuratedSource source) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = read(channel, 0, Long.BYTES).getLong();
            if (length < 2 || length > MAX_HEADER || length > channel.size() - Long.BYTES) {
                throw wrong(file, "its header would have " + length + " bytes");
            }
            byte[] json = new byte[(int) length];
            read(channel, Long.BYTES, json.length).get(json);
            JsonNode header = RemovalList.JSON.readTree(json);
            requireFor(file, header.at("/__metadata__/source").asText(source.hash()), source);
            return rows(file, channel, header.path(TENSOR), Long.BYTES + length, source);
        } catch (JsonProcessingException | EOFException e) {
            throw wrong(file, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    private static void requireFor(Path file, String hash, CuratedSource source) {
        if (!hash.equals(source.hash())) {
            throw new IllegalArgumentException(
                    "%s holds features of a source with hash %s, but here is %s: make them again for what is left"
                            .formatted(file, hash, source.hash()));
        }
    }

    private static float[][] rows(Path file, FileChannel channel, JsonNode tensor, long data, CuratedSource source)
            throws IOException {
        if (!tensor.path("dtype").asText().equals("F32") || tensor.path("shape").size() != 2) {
            throw wrong(file, "it has no tensor \"features\" of type F32 and shape [N, D]");
        }
        long count = tensor.at("/shape/0").asLong();
        long width = tensor.at("/shape/1").asLong();
        long begin = tensor.at("/data_offsets/0").asLong(-1);
        if (count != source.size()) {
            throw new IllegalArgumentException("%s holds features of %d examples, but there are %d: make them again"
                    .formatted(file, count, source.size()));
        }
        if (width < 1
                || width > MAX_WIDTH
                || begin < 0
                || begin > channel.size() - data
                || count * width * Float.BYTES != tensor.at("/data_offsets/1").asLong() - begin
                || count * width * Float.BYTES > channel.size() - data - begin) {
            throw wrong(file, "its tensor \"features\" does not fit into the file");
        }
        float[][] rows = new float[NearDuplicates.requireCountable(count)][(int) width];
        int rowBytes = (int) width * Float.BYTES;
        for (int i = 0; i < rows.length; i++) {
            read(channel, data + begin + (long) i * rowBytes, rowBytes)
                    .asFloatBuffer()
                    .get(rows[i]);
            Vectors.normalize(rows[i]);
        }
        return rows;
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("it ends early");
            }
        }
        return buffer.flip();
    }

    private static IllegalArgumentException wrong(Path file, String what) {
        return new IllegalArgumentException(file + " is not a safetensors file of features: " + what);
    }
}
