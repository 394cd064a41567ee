package org.generalvision.data.source;

import com.google.common.collect.Iterators;
import com.google.common.collect.Streams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Tux Paint's stamps as Debian's package tuxpaint-stamps-default unpacks them: pictures with alpha, each with a text file of
 * the same name whose first line is English and whose others begin with a locale, {@code fr.utf8=Un merle.} A picture's
 * labels are its folders, the top one first.
 *
 * <p>Left out: mirrored and flipped drawings of a stamp, and a PNG beside an SVG of the same name.
 */
final class TuxpaintSource extends StreamingSource {
    static final String NAME = "tuxpaint-stamps";

    /** The package's copyright file: version 2, or any later one. */
    static final String LICENCE = "GPL-2.0-or-later";

    private static final String TRANSLATION = ".utf8=";

    private final Path root;
    private final FileTree tree;
    private final @Nullable Split split;
    private final Drawing drawing;
    private final Naming naming = new Naming(NAME, LICENCE, List.of());

    /**
     * The stamps.
     *
     * @param root {@code /usr/share/tuxpaint/stamps} in Debian
     * @param split the part to yield, by the file's name without numbers and remarks on style; null for all
     * @param raster how SVG drawings become pixels; PNG pictures stay as they are
     */
    TuxpaintSource(Path root, @Nullable Split split, Raster raster) {
        this.root = root;
        tree = new FileTree(root);
        this.split = split;
        drawing = new Drawing(raster);
    }

    @Override
    public long size() {
        return Streams.stream(pictures()).count();
    }

    private Iterator<FileTree.Entry> pictures() {
        return Iterators.filter(
                tree.iterator(),
                file -> file.plain()
                        && (file.path().endsWith(".png") || file.path().endsWith(".svg")));
    }

    @Override
    Pass begin() {
        Iterator<FileTree.Entry> files = pictures();
        return new Pass() {
            @Override
            @Nullable
            Candidate read() throws IOException {
                return files.hasNext() ? judge(files.next()) : null;
            }

            @Override
            public void close() {}
        };
    }

    private Candidate judge(FileTree.Entry file) throws IOException {
        String id = file.path();
        String stem = id.substring(0, id.lastIndexOf('.'));
        if (stem.endsWith("_mirror") || stem.endsWith("_flip")) {
            return new Candidate.LeftOut(id, "mirrored or flipped drawing of another stamp");
        }
        if (id.endsWith(".png") && Files.exists(root.resolve(stem + ".svg"))) {
            return new Candidate.LeftOut(id, "the same stamp is there as SVG");
        }
        try {
            List<Caption> captions = captions(root.resolve(stem + ".txt"));
            if (split != null && key(stem).split() != split) {
                return new Candidate.LeftOut(id, "belongs to another split");
            }
            return new Candidate.Accepted(naming.example(id, image(id))
                    .captions(captions)
                    .labels(labels(id))
                    .build());
        } catch (IllegalArgumentException e) {
            return Candidate.Rejected.of(id, e);
        }
    }

    /** The file's name, not its sentence, names the object: "001penny" and "penny_back" are one. */
    private static TitleKey key(String stem) {
        return TitleKey.of(stem.substring(stem.lastIndexOf('/') + 1).replace('_', ' '));
    }

    private ByteBuffer image(String id) throws IOException {
        Path file = root.resolve(id);
        return id.endsWith(".svg") ? drawing.png(file) : EncodedImage.read(file).bytes();
    }

    private static List<String> labels(String id) {
        String[] parts = id.split("/", -1);
        return Stream.of(parts).limit(parts.length - 1L).distinct().toList();
    }

    /** English first; a translation that repeats it adds nothing. */
    private static List<Caption> captions(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FaultyItemException(Fault.MISSING_FILE, "has no text file");
        }
        List<Caption> captions = new ArrayList<>();
        try (Utf8Lines lines = new Utf8Lines(file)) {
            String english = lines.next();
            if (english == null || english.isBlank()) {
                throw new IllegalArgumentException("its text file begins with a blank line");
            }
            captions.add(new Caption(english.strip(), "en"));
            for (String line = lines.next(); line != null; line = lines.next()) {
                int at = line.indexOf(TRANSLATION);
                String text =
                        at < 0 ? "" : line.substring(at + TRANSLATION.length()).strip();
                if (!text.isEmpty() && !text.equals(english.strip())) {
                    captions.add(new Caption(text, Languages.tag(line.substring(0, at))));
                }
            }
        }
        return captions;
    }
}
