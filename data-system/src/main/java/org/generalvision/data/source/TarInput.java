package org.generalvision.data.source;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * A tar archive, compressed by gzip or not (its first bytes tell), entry by entry. Links, devices and names that lead out of
 * the archive are refused, and so is an archive that is cut short, goes on after its end, or unpacks to absurd size.
 */
final class TarInput implements Closeable {
    private static final int BLOCK = 512;

    /** Images hardly shrink; an archive of texts alone, padded to blocks, shrinks to a twentieth. */
    private static final int MAX_RATIO = 200;

    private static final long RATIO_FREE_BYTES = 64L << 20;

    private final Path file;
    private final Source source;
    private final Unpacked unpacked;
    private final TarArchiveInputStream tar;

    TarInput(Path file) throws IOException {
        this.file = file;
        source = new Source(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        InputStream plain;
        try {
            plain = isGzip() ? new GZIPInputStream(source, 1 << 16) : source;
        } catch (IOException e) {
            source.close();
            throw broken(e);
        }
        unpacked = new Unpacked(plain);
        tar = new TarArchiveInputStream(unpacked, "UTF-8");
    }

    private boolean isGzip() throws IOException {
        source.mark(2);
        boolean gzip = source.read() == 0x1f && source.read() == 0x8b;
        source.reset();
        return gzip;
    }

    /**
     * The next plain file, or null at the end; {@link #read} gives its bytes.
     *
     * @throws IllegalArgumentException if the archive is broken or not safe
     */
    @Nullable
    TarArchiveEntry next() {
        try {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null && entry.isDirectory()) {
                requireSafe(entry);
                entry = tar.getNextEntry();
            }
            if (entry == null) {
                requireEnd();
                return null;
            }
            requireSafe(entry);
            return entry;
        } catch (IOException e) {
            throw broken(e);
        } catch (UnsafePathException e) {
            throw new UnsafePathException("Archive " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The bytes of the entry that {@link #next} gave.
     *
     * @param limit the largest size
     * @return null if it is larger
     */
    byte @Nullable [] read(TarArchiveEntry entry, int limit) {
        if (entry.getSize() > limit) {
            return null;
        }
        try {
            byte[] bytes = tar.readNBytes((int) entry.getSize());
            if (bytes.length < entry.getSize()) {
                throw cut();
            }
            return bytes;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private void requireSafe(TarArchiveEntry entry) {
        String name = entry.getName();
        SafeFolder.requireRelative(name);
        byte kind = entry.getLinkFlag();
        boolean plain = (kind == TarConstants.LF_NORMAL || kind == TarConstants.LF_OLDNORM) && !entry.isSparse();
        if (!plain && !entry.isDirectory()) {
            throw new UnsafePathException(
                    "The entry '%s' is refused: it is a link, device, pipe or sparse file, and only plain files are read"
                            .formatted(name),
                    null);
        }
    }

    /** The mark of the end is blocks of zeros, after which nothing comes. Without it records may be lost at the end. */
    private void requireEnd() throws IOException {
        if (unpacked.trailingZeros < BLOCK) {
            throw cut();
        }
        byte[] rest = new byte[1 << 16];
        for (int n = unpacked.read(rest); n >= 0; n = unpacked.read(rest)) {
            if (unpacked.trailingZeros < n) {
                throw new IllegalArgumentException(
                        "Archive %s goes on after its end mark, as when archives are joined: unpack it with tar -i and pack it again"
                                .formatted(file));
            }
        }
    }

    private IllegalArgumentException cut() {
        return new IllegalArgumentException("Archive " + file + " ends too early: get it again");
    }

    private IllegalArgumentException broken(IOException e) {
        return new IllegalArgumentException(
                "Archive %s cannot be read as tar or tar.gz (%s): get it again".formatted(file, e.getMessage()), e);
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    /** The file itself, whose faults are not those of its content; counts what was read. */
    private static final class Source extends FilterInputStream {
        private long count;

        Source(InputStream in) {
            super(in);
        }

        @Override
        public int read() {
            try {
                int value = in.read();
                count += value < 0 ? 0 : 1;
                return value;
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read an archive", e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            try {
                int n = in.read(bytes, offset, length);
                count += Math.max(n, 0);
                return n;
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read an archive", e);
            }
        }
    }

    /** What the archive unpacks to, watched for its size and for the zeros at its end. */
    private final class Unpacked extends InputStream {
        private final InputStream in;
        private long count;
        private long trailingZeros;

        Unpacked(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = in.read(bytes, offset, length);
            if (n > 0) {
                count += n;
                int zeros = 0;
                while (zeros < n && bytes[offset + n - 1 - zeros] == 0) {
                    zeros++;
                }
                trailingZeros = zeros == n ? trailingZeros + n : zeros;
            }
            if (count > RATIO_FREE_BYTES && count > MAX_RATIO * source.count) {
                throw new IllegalArgumentException(
                        "Archive %s is refused: %d of its bytes unpack to more than %d, over %d times as much"
                                .formatted(file, source.count, count, MAX_RATIO));
            }
            return n;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
