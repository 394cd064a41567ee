package org.generalvision.data.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A folder that the paths of an annotation file do not leave, neither by {@code ..} nor by links. */
final class SafeFolder {
    private final Path root;
    private final Path real;
    private @Nullable Path trusted;

    /**
     * A folder.
     *
     * @throws IllegalArgumentException if there is none
     */
    SafeFolder(Path root) {
        if (!Files.isDirectory(root)) {
            throw new IllegalArgumentException("No folder " + root + ": name the one that the images lie in");
        }
        this.root = root;
        try {
            real = root.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + root, e);
        }
    }

    Path root() {
        return root;
    }

    /**
     * The file that a path in an annotation file names; it may be missing.
     *
     * @throws UnsafePathException if the path leaves the folder
     */
    Path resolve(String stated) {
        requireRelative(stated);
        Path file;
        try {
            file = root.resolve(stated);
        } catch (InvalidPathException e) {
            throw new UnsafePathException("The path '" + stated + "' is not one of a file", e);
        }
        Path parent = file.getParent();
        if (parent != null && !parent.equals(root) && !parent.equals(trusted)) {
            requireInside(parent, stated);
            trusted = parent;
        }
        return file;
    }

    /**
     * The file that a path names, here or without its first folders, which may name where the publisher kept it.
     *
     * @throws UnsafePathException if the path leaves the folder
     */
    Path find(String stated) {
        Path whole = resolve(stated);
        String rest = stated;
        while (rest.indexOf('/') >= 0 && !Files.exists(resolve(rest), LinkOption.NOFOLLOW_LINKS)) {
            rest = rest.substring(rest.indexOf('/') + 1);
            if (rest.isEmpty() || rest.startsWith("/")) {
                return whole;
            }
        }
        Path found = resolve(rest);
        return Files.exists(found, LinkOption.NOFOLLOW_LINKS) ? found : whole;
    }

    /**
     * Checks the path of an archive's entry or of a list.
     *
     * @throws UnsafePathException if it is absolute or goes up
     */
    static void requireRelative(String path) {
        boolean absolute = path.startsWith("/") || path.startsWith("\\") || path.matches("(?s)[A-Za-z]:[\\\\/].*");
        if (path.isEmpty()
                || absolute
                || path.indexOf('\0') >= 0
                || List.of(path.split("[/\\\\]", -1)).contains("..")) {
            throw new UnsafePathException(
                    "The path '%s' is refused: it must be relative and must not hold '..'".formatted(path), null);
        }
    }

    private void requireInside(Path parent, String stated) {
        try {
            if (Files.exists(parent, LinkOption.NOFOLLOW_LINKS)
                    && !parent.toRealPath().startsWith(real)) {
                throw new UnsafePathException(
                        "The path '%s' is refused: a link leads out of %s".formatted(stated, root), null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + parent, e);
        }
    }
}
