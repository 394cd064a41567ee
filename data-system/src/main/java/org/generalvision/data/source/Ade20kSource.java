package org.generalvision.data.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.generalvision.data.example.Fault;
import org.generalvision.data.example.Mask;
import org.jspecify.annotations.Nullable;

/**
 * ADE20K as the scene parsing challenge of 2016 distributes it (SceneParse150): {@code images/training/*.jpg}, maps of class
 * numbers in {@code annotations/training/*.png}, of which 0 is unlabelled, names in {@code objectInfo150.txt}, scenes in
 * {@code sceneCategories.txt}. Each class that occurs becomes a mask, the scene a label. An image whose map is missing is
 * rejected.
 */
final class Ade20kSource extends StreamingSource {
    private static final String OBJECTS = "objectInfo150.txt";
    private static final String SCENES = "sceneCategories.txt";

    private final Path images;
    private final Path maps;
    private final Naming naming;
    private final Map<Integer, String> names;
    private final Map<String, String> scenes;

    /**
     * A split.
     *
     * @param root {@code ADEChallengeData2016}
     * @param split train or validation
     */
    Ade20kSource(Path root, Split split, Naming naming) {
        images = split.folderIn(root.resolve("images"));
        maps = root.resolve("annotations").resolve(images.getFileName());
        this.naming = naming;
        names = names(root.resolve(OBJECTS));
        scenes = scenes(root.resolve(SCENES));
    }

    /** Columns Idx, Ratio, Train, Val, Stuff, Name, under a header; of several names the first counts. */
    private static Map<Integer, String> names(Path file) {
        Map<Integer, String> names = new HashMap<>();
        for (String line : lines(file)) {
            String[] fields = line.split("\t", -1);
            if (names.isEmpty() && fields[0].strip().equals("Idx")) {
                continue;
            }
            if (fields.length < 2 || !fields[0].strip().matches("[0-9]{1,6}")) {
                throw new IllegalArgumentException(
                        "%s must have lines of a number, tabs and names: '%s'".formatted(file, line));
            }
            String name = fields[fields.length - 1].split("[,;]", 2)[0].strip();
            if (name.isEmpty() || names.put(Integer.valueOf(fields[0].strip()), name) != null) {
                throw new IllegalArgumentException("%s must name each number once: '%s'".formatted(file, line));
            }
        }
        return names;
    }

    private static Map<String, String> scenes(Path file) {
        Map<String, String> scenes = new HashMap<>();
        if (Files.isRegularFile(file)) {
            for (String line : lines(file)) {
                String[] fields = line.strip().split("\\s+", 2);
                if (fields.length == 2) {
                    scenes.put(fields[0], fields[1].replace('_', ' '));
                }
            }
        }
        return scenes;
    }

    private static List<String> lines(Path file) {
        List<String> lines = new ArrayList<>();
        try (Utf8Lines text = new Utf8Lines(file)) {
            for (String line = text.next(); line != null; line = text.next()) {
                if (!line.isBlank()) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("Cannot read " + file, e);
        }
        return lines;
    }

    @Override
    public long size() {
        return new FileTree(images).count();
    }

    @Override
    Pass begin() {
        Iterator<FileTree.Entry> files = new FileTree(images).iterator();
        return new Pass() {
            @Override
            @Nullable
            Candidate read() throws IOException {
                return files.hasNext() ? candidate(files.next().path()) : null;
            }

            @Override
            public void close() {}
        };
    }

    private Candidate candidate(String path) throws IOException {
        if (!EncodedImage.hasName(path)) {
            return new Candidate.LeftOut(path, "no JPEG, PNG or WebP file by its name");
        }
        String stem = path.substring(0, path.lastIndexOf('.'));
        try {
            EncodedImage image = EncodedImage.read(images.resolve(path));
            String scene = scenes.get(stem);
            return new Candidate.Accepted(naming.example(path, image.bytes())
                    .labels(scene == null ? List.of() : List.of(scene))
                    .masks(masks(maps.resolve(stem + ".png"), image))
                    .build());
        } catch (IllegalArgumentException e) {
            return Candidate.Rejected.of(path, e);
        }
    }

    private List<Mask> masks(Path file, EncodedImage image) throws IOException {
        List<Mask> masks = new ArrayList<>();
        try {
            IndexedPng map = IndexedPng.read(file);
            map.requireSize(image);
            for (Map.Entry<Integer, BitSet> region : map.regions().entrySet()) {
                String name = names.get(region.getKey());
                if (name == null && region.getKey() != 0) {
                    throw new FaultyItemException(
                            Fault.UNKNOWN_CLASS,
                            "has class %d, which %s does not name".formatted(region.getKey(), OBJECTS));
                }
                if (name != null) {
                    masks.add(Mask.RunLengths.of(map.height(), map.width(), region.getValue(), name, null));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its map of classes: " + e.getMessage(), e);
        }
        return masks;
    }
}
