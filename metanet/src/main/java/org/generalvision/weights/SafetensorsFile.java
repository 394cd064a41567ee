package org.generalvision.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.generalvision.nn.Ops;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file (format: {@code github.com/huggingface/safetensors}), mapped into memory and checked as a whole when it
 * is opened: bounded header, valid UTF-8 and JSON without duplicate keys, known number formats, and tensors that cover the
 * data exactly. Not safe for use by several threads.
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final String PICKLE =
            "it is a checkpoint of torch.save: a pickle can run code when it is opened, so it is"
                    + " never read; convert it where it comes from with Python:"
                    + " safetensors.torch.save_file(torch.load(FILE, weights_only=True), 'weights.safetensors')";

    /** The limit of the format's reference implementation. */
    static final long MAX_HEADER_BYTES = 100_000_000;

    private static final long WINDOW_STRIDE = 1L << 30;

    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;
    private final long dataBytes;

    /** One per GiB of data, each longer than its stride by one chunk, so that every chunk lies within one window. */
    private final @Nullable MappedByteBuffer[] windows;

    private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header, long dataStart, long dataBytes) {
        this.path = path;
        this.channel = channel;
        this.header = header;
        this.dataStart = dataStart;
        this.dataBytes = dataBytes;
        windows = new @Nullable MappedByteBuffer[Math.toIntExact(dataBytes / WINDOW_STRIDE + 1)];
    }

    /**
     * Opens and checks a file.
     *
     * @throws IllegalArgumentException naming the file and what is wrong with its content
     * @throws UncheckedIOException if it cannot be read
     */
    public static SafetensorsFile open(Path path) {
        FileChannel channel = openChannel(path);
        boolean done = false;
        try {
            long size = channel.size();
            check(path, size >= 8, "it has " + size + " bytes and no header");
            ByteBuffer prefix = readFully(channel, 0, 8);
            check(path, !isPickle(prefix.getInt(0)), PICKLE);
            long headerBytes = prefix.getLong();
            check(
                    path,
                    headerBytes >= 2 && headerBytes <= MAX_HEADER_BYTES && headerBytes <= size - 8,
                    "its header claims " + Long.toUnsignedString(headerBytes) + " bytes in a file of " + size
                            + " (at most " + MAX_HEADER_BYTES + ")");
            ByteBuffer text = readFully(channel, 8, (int) headerBytes);
            long dataBytes = size - 8 - headerBytes;
            SafetensorsFile file =
                    new SafetensorsFile(path, channel, parse(path, text, dataBytes), 8 + headerBytes, dataBytes);
            done = true;
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path + ": " + e.getMessage(), e);
        } finally {
            if (!done) {
                closeQuietly(channel);
            }
        }
    }

    /** The first four bytes of a zip archive, in which torch.save packs its pickle, or of torch.save before 1.6. */
    private static boolean isPickle(int magic) {
        return magic == 0x04034B50 || magic == 0x0A8A0280;
    }

    private static FileChannel openChannel(Path path) {
        try {
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open " + path, e);
        }
    }

    private static SafetensorsHeader parse(Path path, ByteBuffer text, long dataBytes) {
        try {
            return SafetensorsHeader.parse(text, dataBytes);
        } catch (IllegalArgumentException e) {
            throw invalid(path, e.getMessage(), e);
        }
    }

    private static ByteBuffer readFully(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    public Path path() {
        return path;
    }

    /** Names of the tensors. */
    public SortedSet<String> names() {
        return new TreeSet<>(header.tensors().keySet());
    }

    /** What the header says about each tensor, by name. */
    public SortedMap<String, TensorInfo> tensors() {
        return header.tensors();
    }

    /**
     * What the header says about a tensor.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public TensorInfo info(String name) {
        TensorInfo info = header.tensors().get(name);
        if (info == null) {
            throw new IllegalArgumentException(path + " has no tensor " + name + "; it has " + names());
        }
        return info;
    }

    /** The tensor that a byte of the file belongs to, or none if it lies in the header. */
    public Optional<TensorInfo> at(long byteOffset) {
        long inData = byteOffset - dataStart;
        return header.tensors().values().stream()
                .filter(info -> inData >= info.offset() && inData < info.offset() + info.length())
                .findFirst();
    }

    /** The strings under {@code __metadata__}. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /**
     * A copy of a tensor as an array of {@link TensorType#arrayType()}; halves become float32.
     *
     * @param manager owner of the array
     * @throws IllegalArgumentException if there is no such tensor or a BOOL holds something else than 0 and 1
     */
    public NDArray read(String name, NDManager manager) {
        TensorInfo info = info(name);
        NDArray array = manager.zeros(info.shape(), info.type().arrayType());
        copyTo(info, array);
        return array;
    }

    /**
     * Copies a tensor into an array of the same shape, chunk by chunk, converting to the array's format. The array keeps its
     * layout in memory.
     */
    void copyTo(TensorInfo info, NDArray target) {
        long elements = info.shape().size();
        try (NDManager scratch = target.getManager().newSubManager()) {
            // A copy in row-major order where the target is laid out otherwise; the target itself where it is not.
            NDArray flat = Ops.contiguous(target);
            flat.attach(scratch);
            for (long start = 0; start < elements; start += ElementCodec.CHUNK) {
                int count = (int) Math.min(ElementCodec.CHUNK, elements - start);
                ByteBuffer bytes = chunk(
                        info.offset() + start * info.type().bytes(),
                        count * info.type().bytes());
                try (NDArray part = ElementCodec.decode(bytes, count, info, scratch)) {
                    Ops.copyRange(flat, start, part);
                }
            }
            Ops.copyInto(target, flat);
        } catch (ElementCodec.InvalidElement e) {
            throw invalid(path, e.getMessage(), e);
        }
    }

    /** Mapped bytes of the data in little-endian order; at most one chunk long. */
    private ByteBuffer chunk(long offset, int length) {
        int window = (int) (offset / WINDOW_STRIDE);
        MappedByteBuffer mapped = windows[window];
        if (mapped == null) {
            mapped = map(window * WINDOW_STRIDE);
            windows[window] = mapped;
        }
        return mapped.slice((int) (offset - window * WINDOW_STRIDE), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private MappedByteBuffer map(long start) {
        try {
            long length = Math.min(WINDOW_STRIDE + ElementCodec.MAX_CHUNK_BYTES, dataBytes - start);
            return channel.map(FileChannel.MapMode.READ_ONLY, dataStart + start, length);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot map " + path + ": " + e.getMessage(), e);
        }
    }

    private static void check(Path path, boolean condition, String otherwise) {
        if (!condition) {
            throw invalid(path, otherwise, null);
        }
    }

    private static IllegalArgumentException invalid(Path path, @Nullable String what, @Nullable Throwable cause) {
        return new IllegalArgumentException(path + " is not a valid safetensors file: " + what, cause);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }
}
