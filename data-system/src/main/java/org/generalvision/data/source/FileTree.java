package org.generalvision.data.source;

import com.google.common.collect.AbstractIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files below a folder, in the order of their names, folder by folder. A walk holds no more than the names of the folders
 * that it stands in. Symbolic links are shown and not followed.
 */
final class FileTree implements Iterable<FileTree.Entry> {
    private static final int MAX_DEPTH = 64;

    private final Path root;

    FileTree(Path root) {
        if (!Files.isDirectory(root)) {
            throw new IllegalArgumentException("No folder " + root + ": name the folder of the collection");
        }
        this.root = root;
    }

    /**
     * A file.
     *
     * @param path from the root, with slashes on every platform
     * @param plain whether it is a file of its own: no symbolic link, pipe or device
     */
    record Entry(String path, boolean plain) {
        /** The name without its folders. */
        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        /** The first folder, or empty if the file lies in the root. */
        String topFolder() {
            return path.substring(0, Math.max(0, path.indexOf('/')));
        }
    }

    /** Counts all files in one pass. */
    long count() {
        long[] count = new long[1];
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    count[0]++;
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + root, e);
        }
        return count[0];
    }

    /** Names of the folders in the root, sorted. */
    List<String> topFolders() {
        return list("").stream().filter(Node::folder).map(Node::path).toList();
    }

    @Override
    public Iterator<Entry> iterator() {
        Deque<Iterator<Node>> open = new ArrayDeque<>();
        open.push(list("").iterator());
        return new AbstractIterator<>() {
            @Override
            protected @Nullable Entry computeNext() {
                while (!open.isEmpty()) {
                    if (!open.element().hasNext()) {
                        open.pop();
                        continue;
                    }
                    Node node = open.element().next();
                    if (!node.folder()) {
                        return new Entry(node.path(), node.plain());
                    }
                    if (open.size() >= MAX_DEPTH) {
                        throw new IllegalArgumentException(
                                "Folders of %s are nested deeper than %d: %s".formatted(root, MAX_DEPTH, node.path()));
                    }
                    open.push(list(node.path()).iterator());
                }
                return endOfData();
            }
        };
    }

    private record Node(String path, boolean folder, boolean plain) {}

    private List<Node> list(String folder) {
        List<Node> nodes = new ArrayList<>();
        String prefix = folder.isEmpty() ? "" : folder + "/";
        try {
            Files.walkFileTree(root.resolve(folder), Set.of(), 1, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    nodes.add(new Node(
                            prefix + file.getFileName(), attributes.isDirectory(), attributes.isRegularFile()));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + root.resolve(folder), e);
        }
        // By text, not by Path, whose order depends on the platform.
        nodes.sort(Comparator.comparing(Node::path));
        return nodes;
    }
}
