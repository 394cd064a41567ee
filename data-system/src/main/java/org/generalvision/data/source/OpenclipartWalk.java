package org.generalvision.data.source;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.ByteStreams;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.generalvision.data.example.Example;
import org.jspecify.annotations.Nullable;

/** One pass over a clip-art collection, which remembers the titles that files share and the pictures that it has seen. */
final class OpenclipartWalk {
    private static final long MAX_FILE_BYTES = 8L << 20;

    private static final Set<String> NO_OBJECTS =
            Set.of("icons", "buttons", "folders", "shapes", "special", "patterns", "gradients");

    private static final Set<String> NO_CLASSES = Set.of("unsorted", "duplicates");

    /** Difference from white paper, of 255, below which a pixel shows nothing. */
    private static final int FAINT = 16;

    private final Path root;
    private final @Nullable Split split;
    private final Raster raster;
    private final SvgRenderer renderer;
    private final PngEncoder encoder = new PngEncoder();
    private final Map<Path, SvgMetadata> metadata = new HashMap<>();
    private final Map<Path, Candidate> settled = new HashMap<>();
    private final ClipArtNames names;
    private final Set<HashCode> seen = new HashSet<>();

    /** Reads the metadata of all files, given relative to the root. */
    OpenclipartWalk(Path root, List<Path> files, @Nullable Split split, Raster raster) {
        this.root = root;
        this.split = split;
        this.raster = raster;
        renderer = new SvgRenderer(raster.pixels());
        for (Path file : files) {
            if (!Collections.disjoint(folders(file), NO_OBJECTS)) {
                settled.put(file, new Candidate.LeftOut(id(file), "icon, button, shape or pattern"));
                continue;
            }
            try {
                metadata.put(file, SvgMetadata.read(read(file)));
            } catch (IllegalArgumentException e) {
                settled.put(file, Candidate.Rejected.of(id(file), e));
            }
        }
        names = new ClipArtNames(metadata.values());
    }

    /** Decides on a file; the files must come in their order, because of equal pictures the first is kept. */
    Candidate judge(Path file) {
        SvgMetadata found = metadata.get(file);
        if (found == null) {
            return Objects.requireNonNull(settled.get(file));
        }
        String name = names.name(stem(file), found);
        if (!found.publicDomain()) {
            return new Candidate.LeftOut(id(file), "does not say that it is in the public domain");
        }
        if (TitleKey.of(name).value().length() < 2) {
            return new Candidate.LeftOut(id(file), "letter, digit or no title");
        }
        try {
            return judge(file, name, found, draw(file, found));
        } catch (IllegalArgumentException e) {
            return Candidate.Rejected.of(id(file), e);
        }
    }

    private Candidate judge(Path file, String name, SvgMetadata found, BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        if (IntStream.of(pixels).allMatch(OpenclipartWalk::faint)) {
            return new Candidate.LeftOut(id(file), "blank");
        }
        // Before the split: of equal pictures the first stays, whatever their titles, so none is on two sides.
        if (!seen.add(hash(pixels))) {
            return new Candidate.LeftOut(id(file), "same pixels as an earlier picture");
        }
        if (split != null && TitleKey.of(name).split() != split) {
            return new Candidate.LeftOut(id(file), "belongs to another split");
        }
        return new Candidate.Accepted(
                Example.builder(id(file), encoder.encode(image), OpenclipartSource.NAME, OpenclipartSource.LICENCE)
                        .captions(names.captions(name, found))
                        .labels(labels(file))
                        .build());
    }

    private BufferedImage draw(Path file, SvgMetadata found) {
        if (found.raster()) {
            throw new IllegalArgumentException("refers to a raster image, which is not opened");
        }
        BufferedImage image = renderer.render(read(file));
        raster.round(image);
        return image;
    }

    private byte[] read(Path file) {
        try (InputStream input = Files.newInputStream(root.resolve(file))) {
            byte[] bytes = ByteStreams.limit(input, MAX_FILE_BYTES + 1).readAllBytes();
            if (bytes.length > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("larger than " + MAX_FILE_BYTES + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + root.resolve(file), e);
        }
    }

    private static boolean faint(int argb) {
        int alpha = argb >>> 24;
        int darkest = Math.min(argb >> 16 & 255, Math.min(argb >> 8 & 255, argb & 255));
        return alpha * (255 - darkest) < FAINT * 255;
    }

    private static HashCode hash(int[] pixels) {
        Hasher hasher = Hashing.sha256().newHasher();
        for (int pixel : pixels) {
            hasher.putInt(pixel);
        }
        return hasher.hash();
    }

    /** The path with slashes on every platform. */
    static String id(Path file) {
        return String.join("/", parts(file));
    }

    private static List<String> parts(Path file) {
        return StreamSupport.stream(file.spliterator(), false)
                .map(Path::toString)
                .toList();
    }

    private static List<String> folders(Path file) {
        List<String> parts = parts(file);
        return parts.subList(0, parts.size() - 1);
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ".svg".length());
    }

    private static List<String> labels(Path file) {
        List<String> folders = folders(file);
        if (folders.isEmpty() || !Collections.disjoint(folders, NO_CLASSES)) {
            return List.of();
        }
        return List.of(folders.get(Math.min(1, folders.size() - 1)).replace('_', ' '));
    }
}
