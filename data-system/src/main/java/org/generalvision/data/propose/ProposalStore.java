package org.generalvision.data.propose;

import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableDoubleArray;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.bytedeco.opencv.global.opencv_core;
import org.jspecify.annotations.Nullable;

/**
 * The proposals of a source's images, each computed when it is first asked for and then kept in a file, so that neither the next
 * epoch nor the next run computes it again. The file belongs to one source and one search; it is a row of records (index, number
 * of numbers, numbers, checksum), of which a last one that was cut off by a kill is dropped. While another process has the file,
 * what is computed here is kept in memory. Safe for use by several threads.
 */
public final class ProposalStore implements AutoCloseable {
    private static final int HEAD = Long.BYTES + Integer.BYTES;

    private final Path path;
    private final long[] places;
    private final Map<Long, ImmutableDoubleArray> unwritten = new HashMap<>();
    private final RandomAccessFile file;
    private final @Nullable FileLock lock;
    private long end;

    private ProposalStore(Path path, long size) throws IOException {
        this.path = path;
        places = new long[Math.toIntExact(size)];
        java.util.Arrays.fill(places, -1);
        file = new RandomAccessFile(path.toFile(), "rw");
        lock = tryLock();
        readIndex();
        if (lock != null) {
            file.setLength(end);
        }
    }

    /**
     * Opens the store of a source, or begins one.
     *
     * @param folder of all stores
     * @param source hash of the source
     * @param size of the source
     */
    public static ProposalStore open(Path folder, String source, long size, SelectiveSearch search) {
        String library = opencv_core.getVersionString().getString(); // another one may find other boxes
        String key = Hashing.sha256()
                .hashString(source + "\n" + size + "\n" + search + "\n" + library, StandardCharsets.UTF_8)
                .toString();
        Path path = folder.resolve(key.substring(0, 32) + ".proposals");
        try {
            Files.createDirectories(folder);
            return new ProposalStore(path, size);
        } catch (IOException e) {
            throw failed("open", path, e);
        }
    }

    private static UncheckedIOException failed(String what, Path path, IOException e) {
        return new UncheckedIOException("Cannot " + what + " the proposals " + path + ": " + e.getMessage(), e);
    }

    private @Nullable FileLock tryLock() throws IOException {
        try {
            return file.getChannel().tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    private void readIndex() throws IOException {
        long length = file.length();
        while (end + HEAD <= length) {
            file.seek(end);
            long index = file.readLong();
            int count = file.readInt();
            long next = end + HEAD + (long) count * Float.BYTES + Integer.BYTES;
            if (index < 0 || index >= places.length || count < 0 || count % 4 != 0 || next > length) {
                return;
            }
            byte[] record = read(end, (int) (next - end));
            if (ByteBuffer.wrap(record).getInt(record.length - Integer.BYTES) != checksum(record)) {
                return;
            }
            places[(int) index] = end;
            end = next;
        }
    }

    private byte[] read(long place, int bytes) throws IOException {
        byte[] record = new byte[bytes];
        file.seek(place);
        file.readFully(record);
        return record;
    }

    private static int checksum(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(record, 0, record.length - Integer.BYTES);
        return (int) crc.getValue();
    }

    /**
     * The proposals of an image.
     *
     * @param index of the image in the source
     * @param search finds them if nobody has yet; called outside of any lock
     * @return x1, y1, x2, y2 of each in pixels of the stored image, rounded to float32
     */
    public ImmutableDoubleArray get(long index, Supplier<ImmutableDoubleArray> search) {
        ImmutableDoubleArray known = known(index);
        if (known != null) {
            return known;
        }
        ImmutableDoubleArray.Builder rounded = ImmutableDoubleArray.builder();
        search.get().forEach(number -> rounded.add((float) number));
        ImmutableDoubleArray found = rounded.build();
        keep(index, found);
        return found;
    }

    private synchronized @Nullable ImmutableDoubleArray known(long index) {
        long place = places[Math.toIntExact(index)];
        if (place < 0) {
            return unwritten.get(index);
        }
        try {
            file.seek(place + Long.BYTES);
            int count = file.readInt();
            ByteBuffer numbers = ByteBuffer.wrap(read(place + HEAD, count * Float.BYTES));
            ImmutableDoubleArray.Builder boxes = ImmutableDoubleArray.builder(count);
            for (int i = 0; i < count; i++) {
                boxes.add(numbers.getFloat());
            }
            return boxes.build();
        } catch (IOException e) {
            throw failed("read", path, e);
        }
    }

    private synchronized void keep(long index, ImmutableDoubleArray boxes) {
        if (lock == null) {
            unwritten.put(index, boxes);
            return;
        }
        if (places[Math.toIntExact(index)] >= 0) {
            return; // another thread was faster, with the same result
        }
        byte[] record = new byte[HEAD + boxes.length() * Float.BYTES + Integer.BYTES];
        ByteBuffer writer = ByteBuffer.wrap(record).putLong(index).putInt(boxes.length());
        boxes.forEach(number -> writer.putFloat((float) number));
        writer.putInt(checksum(record));
        try {
            file.seek(end);
            file.write(record);
        } catch (IOException e) {
            throw failed("write", path, e);
        }
        places[(int) index] = end;
        end += record.length;
    }

    @Override
    public synchronized void close() {
        try {
            file.close(); // and with it the lock
        } catch (IOException e) {
            throw failed("close", path, e);
        }
    }
}
