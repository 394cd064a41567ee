package org.generalvision.data.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Open Clip Art Library as Debian's package openclipart-svg unpacks it: folders of SVG files that carry title, tags and
 * licence. A picture's label is its folder of the second level ("animals/birds/crow.svg" is labelled "birds"), its caption
 * the title with the tags.
 *
 * <p>Left out: icons, buttons, shapes and patterns by their folders, single letters and digits by their titles, what does not
 * say that it is in the public domain, blank pictures, and pictures whose pixels equal an earlier one's. Symbolic links are
 * not followed: in the package they repeat files.
 */
public final class OpenclipartSource implements CollectionSource {
    public static final String NAME = "openclipart";

    /** SPDX: Creative Commons Public Domain Dedication and Certification, which the package is under. */
    public static final String LICENCE = "CC-PDDC";

    private final Path root;
    private final @Nullable Split split;
    private final Raster raster;
    private final List<Path> files;

    /**
     * Finds the files; reads none yet.
     *
     * @param root folder of the collection, {@code /usr/share/openclipart/svg} in Debian
     * @param split the part to yield, by {@link TitleKey}; null for all
     * @param raster how the drawings become pixels
     * @throws IllegalArgumentException if there is no SVG file below the folder
     */
    public OpenclipartSource(Path root, @Nullable Split split, Raster raster) {
        this.root = root;
        this.split = split;
        this.raster = raster;
        files = svgFiles(root);
    }

    @Override
    public long size() {
        return files.size();
    }

    @Override
    public Iterator<Candidate> iterator() {
        OpenclipartWalk walk = new OpenclipartWalk(root, files, split, raster);
        return files.stream().map(walk::judge).iterator();
    }

    private static List<Path> svgFiles(Path root) {
        if (!Files.isDirectory(root)) {
            throw new IllegalArgumentException(
                    "No folder " + root + ": name the folder of the SVG files, /usr/share/openclipart/svg in Debian");
        }
        try (Stream<Path> walk = Files.walk(root)) {
            // Sorted by text, not by Path, whose order depends on the platform.
            List<Path> files = walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(root::relativize)
                    .filter(file -> file.toString().endsWith(".svg"))
                    .sorted(java.util.Comparator.comparing(OpenclipartWalk::id))
                    .toList();
            if (files.isEmpty()) {
                throw new IllegalArgumentException("No .svg file below " + root + ": is openclipart-svg installed?");
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + root, e);
        }
    }
}
