package org.generalvision.data.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where annotation files in COCO's format and their images lie.
 *
 * @param annotations files about the same images
 * @param images folder from which the paths in them go
 */
record CocoLayout(List<Path> annotations, Path images) {
    private static final Pattern NAME =
            Pattern.compile("(?:instances|captions|stuff|lvis_v1)_((train|val|test)[a-z_-]*[0-9]*)\\.json");

    /**
     * Finds what is not named. COCO's own tree has {@code annotations/instances_val2017.json} beside {@code val2017/}; others
     * have one file beside the images or in {@code annotations}.
     *
     * @param source folder of the collection, or an annotation file
     * @param split of COCO's own tree, or null
     * @param annotations files that are named, or empty
     * @param images folder that is named, or null
     */
    static CocoLayout of(Path source, @Nullable Split split, List<Path> annotations, @Nullable Path images) {
        boolean file = Files.isRegularFile(source);
        List<Path> named = annotations.isEmpty() && file ? List.of(source) : annotations;
        Path root = file ? root(source) : source;
        List<Path> found = named.isEmpty() ? find(root, split) : named;
        return new CocoLayout(found, images == null ? images(root, found.get(0)) : images);
    }

    private static Path root(Path file) {
        Path folder = parent(file);
        return folder.endsWith("annotations") ? parent(folder) : folder;
    }

    private static Path parent(Path file) {
        return java.util.Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file.toAbsolutePath());
    }

    private static List<Path> find(Path root, @Nullable Split split) {
        Path folder = Files.isDirectory(root.resolve("annotations")) ? root.resolve("annotations") : root;
        List<Path> all = list(folder);
        List<Path> chosen = split == null
                ? all
                : all.stream()
                        .filter(file -> split.names().contains(splitOf(file)))
                        .toList();
        if (chosen.isEmpty() || chosen.stream().map(CocoLayout::part).distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "%s has %s annotation files for one set of images: %s; name them with --annotations, or a --split"
                            .formatted(folder, chosen.isEmpty() ? "no" : "no single choice of", all));
        }
        return chosen;
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("No folder or annotation file " + folder);
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> json = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
            List<Path> known = json.stream()
                    .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
                    .toList();
            return known.isEmpty() ? json : known;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder, e);
        }
    }

    /** What a file is about, such as val2017; its own name if it does not say. */
    private static String part(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? name.group(1) : file.toString();
    }

    private static String splitOf(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? name.group(2) : "";
    }

    private static Path images(Path root, Path annotations) {
        String part = part(annotations);
        return Stream.of(root.resolve(part), root.resolve("images").resolve(part), root.resolve("images"))
                .filter(folder -> !part.equals(annotations.toString()) || folder.endsWith("images"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(root);
    }
}
