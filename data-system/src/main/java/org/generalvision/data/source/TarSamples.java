package org.generalvision.data.source;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.generalvision.data.example.Fault;
import org.jspecify.annotations.Nullable;

/** The samples of one archive in their order: entries whose paths are equal up to the first dot of the file's name. */
final class TarSamples implements Closeable {
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private final String archive;
    private final TarInput tar;
    private final Naming naming;
    private final SeenKeys seen = new SeenKeys();
    private @Nullable TarSample sample;

    TarSamples(Path file, Naming naming) throws IOException {
        archive = String.valueOf(file.getFileName());
        tar = new TarInput(file);
        this.naming = naming;
    }

    /** The next sample, or null at the end of the archive. */
    @Nullable
    Candidate next() {
        for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
            TarSample whole = take(entry);
            if (whole != null) {
                return judge(whole);
            }
        }
        TarSample last = sample;
        sample = null;
        return last == null ? null : judge(last);
    }

    /** Passes over samples without reading their content; at most as many as there are. Returns how many are still to be passed over. */
    long skip(long samples) {
        long left = samples;
        String key = null;
        for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
            String path = path(entry);
            int end = keyEnd(path);
            if (end < 0) {
                continue;
            }
            String current = path.substring(0, end);
            if (current.equals(key)) {
                continue;
            }
            key = current;
            if (left == 0) {
                take(entry);
                return 0;
            }
            seen.add(current);
            left--;
        }
        return left;
    }

    private static String path(TarArchiveEntry entry) {
        return entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
    }

    /** Where the key of a path ends; negative for a file that belongs to no sample. */
    private static int keyEnd(String path) {
        int name = path.lastIndexOf('/') + 1;
        int dot = path.indexOf('.', name);
        // Names that begin with a dot are the file system's (macOS packs a "._a.jpg" beside "a.jpg").
        return dot <= name ? -1 : dot;
    }

    /** Adds an entry to its sample, and returns the one before if that is over. */
    private @Nullable TarSample take(TarArchiveEntry entry) {
        String path = path(entry);
        int dot = keyEnd(path);
        if (dot < 0) {
            return null;
        }
        String key = path.substring(0, dot);
        TarSample before = sample;
        TarSample current = before == null || !before.key().equals(key) ? new TarSample(key) : before;
        sample = current;
        add(entry, path.substring(dot + 1), current);
        return before == current ? null : before;
    }

    private void add(TarArchiveEntry entry, String extension, TarSample to) {
        if (TarSample.isRead(extension)) {
            int limit = TarSample.isImage(extension) ? EncodedImage.MAX_BYTES : MAX_TEXT_BYTES;
            to.add(extension, tar.read(entry, limit), limit);
        }
    }

    private Candidate judge(TarSample whole) {
        String id = archive + "/" + whole.key();
        try {
            if (!seen.add(whole.key())) {
                throw new FaultyItemException(Fault.DUPLICATE_ID, "the key occurs a second time, apart from the first");
            }
            return new Candidate.Accepted(whole.example(id, naming));
        } catch (IllegalArgumentException e) {
            return Candidate.Rejected.of(id, e);
        }
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
