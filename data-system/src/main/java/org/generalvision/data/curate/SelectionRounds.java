package org.generalvision.data.curate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The rounds of questions that were asked about a directory, kept in its folder {@code curation/rounds}. */
public final class SelectionRounds {
    private final Path directory;
    private final Path folder;

    public SelectionRounds(Path directory) {
        this.directory = directory;
        folder = directory.resolve(CurationSteps.FOLDER).resolve("rounds");
    }

    private Path file(int round) {
        return folder.resolve("%03d.jsonl".formatted(round));
    }

    /** The number of rounds that were asked. */
    public int count() {
        int count = 0;
        while (Files.exists(file(count + 1))) {
            count++;
        }
        return count;
    }

    /** All questions so far. */
    public List<Question> questions() {
        List<Question> questions = new ArrayList<>();
        for (int round = 1; round <= count(); round++) {
            questions.addAll(read(file(round)));
        }
        return questions;
    }

    /**
     * Reads a file of questions.
     *
     * @throws IllegalArgumentException if a line is malformed
     */
    public static List<Question> read(Path file) {
        List<Question> questions = new ArrayList<>();
        JsonLines.read(file, Question.class, "question", questions::add);
        return questions;
    }

    /**
     * Keeps the questions of the next round, and writes them for those who answer.
     *
     * @param round number of the round, one more than the last
     * @throws IllegalArgumentException if it is not the next one
     */
    public void add(int round, List<Question> questions, Path out) {
        requireNext(round);
        try (CurationLock lock = CurationLock.take(directory.resolve(CurationSteps.FOLDER))) {
            lock.requireHeld();
            Files.createDirectories(folder);
            JsonLines.write(out, questions);
            JsonLines.write(file(round), questions);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep round " + round + " of " + directory, e);
        }
    }

    /**
     * Checks the number of a round before work begins.
     *
     * @throws IllegalArgumentException if it is not the next one
     */
    public void requireNext(int round) {
        if (round != count() + 1) {
            throw new IllegalArgumentException(
                    "Round %d of %s cannot be asked now: the next one is %d; gv data select --undo takes the last one back"
                            .formatted(round, directory, count() + 1));
        }
    }

    /** Takes the last round back, which is moved aside, and returns its number. */
    public int undo() {
        int last = count();
        if (last == 0) {
            throw new IllegalArgumentException("No round of questions was asked about " + directory);
        }
        try {
            Files.move(
                    file(last),
                    folder.resolve("%03d.undone.jsonl".formatted(last)),
                    StandardCopyOption.REPLACE_EXISTING);
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot take round " + last + " back", e);
        }
    }
}
