package org.generalvision.upstream.amateur.local;

import ai.djl.ndarray.NDArray;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.upstream.amateur.ImageTextTraining;
import org.generalvision.weights.DurableFile;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.WeightLoader;

/**
 * Where a run of the local stage starts: with the towers and the vocabulary of the global stage.
 *
 * @param run directory of this run
 * @param origin what the run was told
 */
record LocalStart(Path run, Origin origin) {
    /** Heads of the global stage that this one has no use for. */
    private static final List<String> LEFT_BEHIND = List.of("simsiam.", "masked_language.");

    /** Refuses a run that has neither a checkpoint of its own nor one to start from, with its vocabulary. */
    void require() {
        if (!begun()) {
            vocabulary();
        }
    }

    private boolean begun() {
        return Files.isDirectory(run) && Checkpoint.newestIn(run).isPresent();
    }

    private Path vocabulary() {
        Path named = Stream.of(origin.replay(), origin.resumeFrom(), origin.initializeFrom())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "The local stage starts from a checkpoint of the"
                                        + " global stage: name one with --initialize-from, such as --initialize-from runs/amateur-desk"));
        if (!Files.exists(named)) {
            throw new UncheckedIOException(
                    "There is no checkpoint " + named, new NoSuchFileException(named.toString()));
        }
        return near(named)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no %s in or above %s: name a checkpoint or its run directory, where the vocabulary of its text tower lies"
                                .formatted(ImageTextTraining.TOKENIZER, named)));
    }

    /** The vocabulary of the run: that of the start, and once the run has a checkpoint, the one in its directory. */
    Tokenizer tokenizer() {
        Path own = run.resolve(ImageTextTraining.TOKENIZER);
        if (!begun()) { // what a start that was refused has left behind is replaced
            try (Tokenizer tokenizer = Tokenizer.open(vocabulary())) {
                DurableFile.write(own, tokenizer.json());
            }
        }
        return Tokenizer.open(own);
    }

    /** Where the vocabulary of a run directory, a checkpoint in it, or a file in that would be. */
    private static Stream<Path> near(Path named) {
        return Stream.iterate(named.toAbsolutePath().normalize(), Objects::nonNull, Path::getParent)
                .limit(3)
                .map(folder -> folder.resolve(ImageTextTraining.TOKENIZER));
    }

    /**
     * Loads the towers, if the run begins with those of another.
     *
     * @throws IllegalArgumentException naming what differs, if the checkpoint is of other towers or of another stage
     */
    void load(LocalModel model) {
        Path source = origin.initializeFrom();
        if (source == null) {
            return;
        }
        Path file = Files.isDirectory(source) ? Checkpoint.open(source).model() : source;
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            WeightLoader.load(towers(model), weights, LocalStart::isLeftBehind);
        }
    }

    private static SortedMap<String, NDArray> towers(LocalModel model) {
        SortedMap<String, NDArray> towers = new TreeMap<>(WeightLoader.arrays(model));
        towers.keySet().removeIf(LocalModel::isNew);
        return towers;
    }

    private static boolean isLeftBehind(String path) {
        return LEFT_BEHIND.stream().anyMatch(path::startsWith) || LocalModel.isNew(path);
    }

    /** What the loop itself has to start from: the weights to begin with have been taken, all that it could. */
    Origin rest() {
        return new Origin(origin.resumeFrom(), null, origin.replay());
    }
}
