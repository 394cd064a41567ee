package org.generalvision.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tar archives in the layout of the webdataset library: neighboring entries whose paths are equal up to the first dot of the
 * file's name make one sample. Its image is jpg, jpeg, png or webp, its caption txt, its class cls; a json gives {@code
 * caption}, {@code captions} or {@code text}, {@code label} or {@code class_name}, {@code language} and {@code license}.
 * Other entries are passed over.
 */
final class WebdatasetSource extends StreamingSource {
    static final Set<String> ENDINGS = Set.of(".tar", ".tar.gz", ".tgz");

    private final List<Path> archives;
    private final Naming naming;

    /**
     * Archives.
     *
     * @param archives a file, a folder, or a pattern: see {@link FilePattern}
     */
    WebdatasetSource(Path archives, Naming naming) {
        this.archives = FilePattern.files(archives, ENDINGS);
        this.naming = naming;
    }

    @Override
    Pass begin() {
        return new Archives();
    }

    private final class Archives extends Pass {
        private final Iterator<Path> files = archives.iterator();
        private @Nullable TarSamples samples;

        @Override
        @Nullable
        Candidate read() throws IOException {
            while (samples != null || files.hasNext()) {
                if (samples == null) {
                    samples = new TarSamples(files.next(), naming);
                }
                Candidate candidate = samples.next();
                if (candidate != null) {
                    return candidate;
                }
                close();
            }
            return null;
        }

        @Override
        void skip(long items) throws IOException {
            long left = items;
            while (left > 0 && files.hasNext()) {
                samples = new TarSamples(files.next(), naming);
                left = samples.skip(left);
                if (left > 0) {
                    close();
                }
            }
        }

        @Override
        public void close() throws IOException {
            if (samples != null) {
                samples.close();
                samples = null;
            }
        }
    }
}
