package org.generalvision.data.curate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The steps that were taken on a directory of shards: numbered removal lists in its folder {@value #FOLDER}, and in {@value
 * #UNDONE} there those that were taken back.
 */
public final class CurationSteps {
    public static final String FOLDER = "curation";
    static final String UNDONE = "undone";
    static final String ENDING = ".jsonl";

    private static final Pattern FILE = Pattern.compile("(\\d{3,9})-[a-z0-9-]+\\.jsonl");

    private final Path directory;

    public CurationSteps(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    Path folder() {
        return directory.resolve(FOLDER);
    }

    /**
     * The steps that are in force, in their order.
     *
     * @throws IllegalArgumentException if a list is malformed
     */
    public List<RemovalList> active() {
        return lists(folder());
    }

    /** The steps that were taken back, in their order. */
    public List<RemovalList> undone() {
        return lists(folder().resolve(UNDONE));
    }

    /**
     * Takes a step back: its list is moved aside, and its examples are there again unless another step removed them too.
     *
     * @param name such as {@code 001-exact-duplicates}; null for the last step
     * @return the list at its new place
     */
    public Path undo(@Nullable String name) {
        return move(folder(), folder().resolve(UNDONE), name, "taken");
    }

    /**
     * Takes a step again that was taken back.
     *
     * @param name such as {@code 001-exact-duplicates}; null for the one with the lowest number
     * @return the list at its new place
     */
    public Path redo(@Nullable String name) {
        return move(folder().resolve(UNDONE), folder(), name, "undone");
    }

    private Path move(Path from, Path to, @Nullable String name, String state) {
        List<Path> files = files(from);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("No step on %s is %s".formatted(directory, state));
        }
        // By file name alone, so that a step whose list is damaged can be taken back too.
        Path file = name == null
                ? files.get(state.equals("undone") ? 0 : files.size() - 1)
                : files.stream()
                        .filter(candidate -> candidate.endsWith(name + ENDING))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("No step %s on %s is %s; there are: %s"
                                .formatted(name, directory, state, names(files))));
        try (CurationLock lock = CurationLock.take(folder())) {
            lock.requireHeld();
            Files.createDirectories(to);
            return Files.move(
                    file, to.resolve(Objects.requireNonNull(file.getFileName())), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot move " + file, e);
        }
    }

    /** The number that the next step gets: one more than any that was ever taken and not thrown away. */
    int nextNumber() {
        return Stream.concat(files(folder()).stream(), files(folder().resolve(UNDONE)).stream())
                        .mapToInt(CurationSteps::number)
                        .max()
                        .orElse(0)
                + 1;
    }

    private static List<RemovalList> lists(Path folder) {
        return files(folder).stream().map(RemovalList::open).toList();
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file ->
                            FILE.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted((a, b) -> number(a) == number(b) ? a.compareTo(b) : Integer.compare(number(a), number(b)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder, e);
        }
    }

    /** The path of the list of a step in force, relative to its directory of shards. */
    public static String path(String step) {
        return FOLDER + "/" + step + ENDING;
    }

    /** Whether a name, relative to a directory of shards, is that of the list of a step in force. */
    public static boolean isList(String name) {
        return name.startsWith(FOLDER + "/")
                && FILE.matcher(name.substring(FOLDER.length() + 1)).matches();
    }

    private static int number(Path file) {
        Matcher matcher = FILE.matcher(String.valueOf(file.getFileName()));
        if (!matcher.matches()) {
            throw new IllegalStateException(file + " was filtered out before");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static List<String> names(List<Path> files) {
        return files.stream()
                .map(file -> String.valueOf(file.getFileName()).replace(ENDING, ""))
                .toList();
    }
}
