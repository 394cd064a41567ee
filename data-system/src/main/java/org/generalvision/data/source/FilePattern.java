package org.generalvision.data.source;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files by one argument: a file, a folder of files with certain endings, or a pattern such as {@code train-{0000..0099}.tar},
 * {@code {train,val}.tar} or {@code part-*.parquet}.
 */
final class FilePattern {
    private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})\\.\\.([0-9]{1,9})");
    private static final int MAX_FILES = 1_000_000;

    private FilePattern() {}

    /**
     * The files that an argument names, those of a pattern in its order, those of a folder or a star sorted.
     *
     * @param endings of the files that are taken from a folder
     * @throws IllegalArgumentException if there is none, or one of a range is missing
     */
    static List<Path> files(Path argument, Set<String> endings) {
        if (Files.isDirectory(argument)) {
            List<Path> files = list(argument, "*").stream()
                    .filter(file -> endings.stream().anyMatch(file.toString()::endsWith))
                    .toList();
            if (files.isEmpty()) {
                throw new IllegalArgumentException("The folder %s has no file that ends with %s"
                        .formatted(argument, String.join(" or ", endings)));
            }
            return files;
        }
        if (Files.isRegularFile(argument)) {
            return List.of(argument);
        }
        List<Path> files = new ArrayList<>();
        for (String name : expand(argument.toString())) {
            files.addAll(glob(Path.of(name)));
        }
        // Patterns may meet in one file.
        return ImmutableSet.copyOf(files).asList();
    }

    /** Resolves the braces, the first ones first. */
    private static List<String> expand(String pattern) {
        List<String> names = List.of(pattern);
        while (names.stream().anyMatch(name -> BRACES.matcher(name).find())) {
            List<String> next = new ArrayList<>();
            for (String name : names) {
                expand(name, next);
            }
            names = next;
        }
        return names;
    }

    private static void expand(String name, List<String> into) {
        Matcher braces = BRACES.matcher(name);
        if (!braces.find()) {
            into.add(name);
            return;
        }
        alternatives(braces.group(1)).forEach(choice -> {
            if (into.size() >= MAX_FILES) {
                throw new IllegalArgumentException("The pattern names more than " + MAX_FILES + " files");
            }
            into.add(name.substring(0, braces.start()) + choice + name.substring(braces.end()));
        });
    }

    private static Stream<String> alternatives(String inside) {
        Matcher range = RANGE.matcher(inside);
        if (!range.matches()) {
            return Stream.of(inside.split(",", -1));
        }
        String digits = range.group(1).startsWith("0") ? "%0" + range.group(1).length() + "d" : "%d";
        long last = Long.parseLong(range.group(2));
        return Stream.iterate(Long.parseLong(range.group(1)), i -> i <= last, i -> i + 1)
                .map(digits::formatted);
    }

    private static List<Path> glob(Path file) {
        String name = file.getFileName().toString();
        if (Files.isRegularFile(file)) {
            return List.of(file);
        }
        Path folder = file.getParent() == null ? Path.of("") : file.getParent();
        boolean pattern = name.matches(".*[*?\\[].*");
        List<Path> files = pattern && Files.isDirectory(folder) ? list(folder, name) : List.of();
        if (files.isEmpty()) {
            throw new IllegalArgumentException("No file " + file);
        }
        return files;
    }

    private static List<Path> list(Path folder, String glob) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder, e);
        }
        files.sort(java.util.Comparator.comparing(Path::toString));
        return files;
    }
}
