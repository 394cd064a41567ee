package org.generalvision.data.source;

import com.google.common.io.ByteStreams;
import com.google.common.primitives.Shorts;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An IDX file of unsigned bytes, as LeCun's MNIST page defines it: two zero bytes, type 8, the number of dimensions, each
 * dimension as a big-endian 32-bit integer, then the values.
 *
 * @param shape sizes of the dimensions
 * @param values row-major
 */
record IdxFile(List<Integer> shape, ByteBuffer values) {
    private static final int UNSIGNED_BYTE = 8;
    private static final int MAX_DIMENSIONS = 4;
    private static final long MAX_VALUES = 1L << 30;
    private static final short GZIP_MAGIC = (short) 0x1f8b;

    IdxFile {
        shape = List.copyOf(shape);
        values = values.asReadOnlyBuffer();
    }

    /**
     * Reads a file, compressed by gzip or not (its first bytes tell).
     *
     * @param dimensions how many it must have
     * @throws IllegalArgumentException if it is not such a file, is truncated or has bytes to spare
     */
    static IdxFile read(Path file, int dimensions) {
        try (InputStream input = open(file)) {
            return parse(input, file, dimensions);
        } catch (ZipException e) {
            throw wrong(file, "is not a whole gzip file (" + e.getMessage() + ")");
        } catch (java.io.EOFException e) {
            throw wrong(file, "ends too early");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        PushbackInputStream input = new PushbackInputStream(new BufferedInputStream(Files.newInputStream(file)), 2);
        byte[] magic = input.readNBytes(2);
        input.unread(magic);
        boolean gzip = magic.length == 2 && Shorts.fromByteArray(magic) == GZIP_MAGIC;
        return gzip ? new GZIPInputStream(input, 1 << 16) : input;
    }

    private static IdxFile parse(InputStream input, Path file, int dimensions) throws IOException {
        byte[] magic = new byte[4];
        ByteStreams.readFully(input, magic);
        if (magic[0] != 0 || magic[1] != 0 || magic[2] != UNSIGNED_BYTE || magic[3] != dimensions) {
            throw wrong(
                    file,
                    "must begin with 0, 0, 8, " + dimensions + " (unsigned bytes in " + dimensions
                            + " dimensions), but begins with " + Arrays.toString(magic));
        }
        List<Integer> shape = new ArrayList<>();
        long total = 1;
        for (int i = 0; i < Math.min(dimensions, MAX_DIMENSIONS); i++) {
            byte[] size = new byte[Integer.BYTES];
            ByteStreams.readFully(input, size);
            int length = ByteBuffer.wrap(size).getInt();
            shape.add(length);
            // Both factors are below 2^31 here, so the product cannot overflow.
            total *= Math.max(length, 0);
            if (length <= 0 || total > MAX_VALUES) {
                throw wrong(
                        file,
                        "has dimensions " + shape + ", which must be positive with a product of at most " + MAX_VALUES);
            }
        }
        byte[] values = new byte[(int) total];
        int read = ByteStreams.read(input, values, 0, values.length);
        if (read < values.length) {
            throw wrong(file, "holds %d of the %d values that its dimensions %s say".formatted(read, total, shape));
        }
        if (input.read() >= 0) {
            throw wrong(file, "goes on after the " + total + " values that its dimensions " + shape + " say");
        }
        return new IdxFile(shape, ByteBuffer.wrap(values));
    }

    private static IllegalArgumentException wrong(Path file, String what) {
        return new IllegalArgumentException("IDX file " + file + " " + what + "; get it again from its source");
    }
}
