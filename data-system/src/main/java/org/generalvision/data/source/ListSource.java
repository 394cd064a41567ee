package org.generalvision.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Images named by a list file: a path and a class on each line, split at the last blank, because paths may hold blanks. The
 * class is a number, or the name itself.
 */
final class ListSource extends StreamingSource {
    private final SafeFolder folder;
    private final Path list;
    private final Naming naming;

    /**
     * A list.
     *
     * @param folder from which the paths go; they do not leave it
     * @param list file in UTF-8
     */
    ListSource(Path folder, Path list, Naming naming) {
        this.folder = new SafeFolder(folder);
        this.list = list;
        this.naming = naming;
    }

    @Override
    Pass begin() throws IOException {
        Utf8Lines lines = new Utf8Lines(list);
        return new Pass() {
            @Override
            @Nullable
            Candidate read() throws IOException {
                String line = lines.next();
                while (line != null && line.isBlank()) {
                    line = lines.next();
                }
                return line == null ? null : candidate(line.strip(), lines.number());
            }

            @Override
            public void close() throws IOException {
                lines.close();
            }
        };
    }

    private Candidate candidate(String line, long number) throws IOException {
        int blank = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'));
        String id = "line " + number;
        try {
            if (blank < 0) {
                throw new IllegalArgumentException("must be a path, a blank and a class: '%s'".formatted(line));
            }
            String path = line.substring(0, blank).strip();
            id = path;
            String label = naming.className(line.substring(blank + 1));
            EncodedImage image = EncodedImage.read(folder.resolve(path));
            return new Candidate.Accepted(
                    naming.example(path, image.bytes()).labels(List.of(label)).build());
        } catch (UnsafePathException e) {
            throw new UnsafePathException("Line %d of %s: %s".formatted(number, list, e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            return Candidate.Rejected.of(id, e);
        }
    }
}
