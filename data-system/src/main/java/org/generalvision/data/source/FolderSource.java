package org.generalvision.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder per class: the first folder on the way to an image is its class, images in no folder have none. Deeper folders
 * only sort the images of their class.
 */
final class FolderSource extends StreamingSource {
    private static final Set<String> SPLIT_FOLDERS = Set.of("train", "training", "val", "valid", "validation", "test");

    private final Path root;
    private final FileTree tree;
    private final Naming naming;

    /**
     * A folder of classes.
     *
     * @param folder of the class folders, or of the folders of the splits
     * @param split whose folder to take, or null if there are no such folders
     * @throws IllegalArgumentException if the folder is missing, or splits would be taken for classes
     */
    FolderSource(Path folder, @Nullable Split split, Naming naming) {
        root = split == null ? folder : split.folderIn(folder);
        tree = new FileTree(root);
        this.naming = naming;
        List<String> top = tree.topFolders();
        if (!top.isEmpty() && SPLIT_FOLDERS.containsAll(top)) {
            throw new IllegalArgumentException(
                    "The folders of %s are splits, not classes: %s; name one with --split".formatted(root, top));
        }
    }

    @Override
    public long size() {
        return tree.count();
    }

    @Override
    Pass begin() {
        Iterator<FileTree.Entry> files = tree.iterator();
        return new Pass() {
            @Override
            @Nullable
            Candidate read() throws IOException {
                return files.hasNext() ? candidate(files.next()) : null;
            }

            @Override
            void skip(long items) {
                for (long passed = 0; passed < items && files.hasNext(); passed++) {
                    files.next();
                }
            }

            @Override
            public void close() {}
        };
    }

    private Candidate candidate(FileTree.Entry file) throws IOException {
        if (!EncodedImage.hasName(file.path())) {
            return new Candidate.LeftOut(file.path(), "no JPEG, PNG or WebP file by its name");
        }
        if (!file.plain()) {
            return new Candidate.LeftOut(file.path(), "symbolic link, pipe or device");
        }
        try {
            EncodedImage image = EncodedImage.read(root.resolve(file.path()));
            List<String> labels =
                    Stream.of(file.topFolder()).filter(name -> !name.isEmpty()).toList();
            return new Candidate.Accepted(
                    naming.example(file.path(), image.bytes()).labels(labels).build());
        } catch (IllegalArgumentException e) {
            return Candidate.Rejected.of(file.path(), e);
        }
    }
}
