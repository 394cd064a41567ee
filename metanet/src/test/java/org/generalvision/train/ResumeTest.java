package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.generalvision.weights.DurableFile;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.TensorInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResumeTest {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "stopped after {0}, norm frozen: {1}")
    @CsvSource({"5, false", "5, true", "3, false"})
    void aStoppedAndContinuedRunEqualsTheWholeOneBitForBit(long stopAfter, boolean frozen) {
        TrainConfig config = Toy.config(10, 5).withFreeze(frozen ? List.of("norm") : List.of());
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Toy.train(config, whole);
        assertThat(Toy.trainUntil(stopAfter, config, parts).step()).isEqualTo(stopAfter);
        assertThat(Toy.train(config, parts).step()).isEqualTo(10);
        assertThat(ResumeProof.compare(whole, parts).what()).isEmpty();
    }

    @Test
    void theComparisonFindsOneFlippedBitInEachOfItsParts() throws IOException {
        Path whole = folder.resolve("whole");
        Path copy = folder.resolve("copy");
        Toy.train(Toy.config(4, 4), whole);
        Toy.train(Toy.config(4, 4), copy);
        assertThat(ResumeProof.compare(whole, copy).none()).isTrue();
        Path checkpoint = copy.resolve("step-00000004");
        flip(checkpoint, Checkpoint.MODEL, "head.weight");
        assertThat(ResumeProof.compare(whole, copy).what())
                .singleElement()
                .asString()
                .startsWith("weights: tensor head.weight");
        flip(checkpoint, Checkpoint.MODEL, "head.weight"); // and back
        flip(checkpoint, Checkpoint.OPTIMIZER, "buffer.queue");
        assertThat(ResumeProof.compare(whole, copy).what())
                .singleElement()
                .asString()
                .startsWith("optimizer state: tensor buffer.queue");
        flip(checkpoint, Checkpoint.OPTIMIZER, "buffer.queue");
        Path metrics = copy.resolve("metrics.jsonl");
        Files.writeString(metrics, Files.readString(metrics).replaceFirst("(\"step\":3.*)9", "$18"));
        assertThat(ResumeProof.compare(whole, copy).what())
                .singleElement()
                .asString()
                .startsWith("metrics: line 3");
    }

    @Test
    void anotherOrderOfTheDataIsFound() throws IOException {
        Path whole = folder.resolve("whole");
        Path other = folder.resolve("other");
        Toy.train(Toy.config(2, 2), whole);
        try (NDManager manager = ComputeDevice.open("cpu");
                RunDirectory run = Toy.directory(other)) {
            Toy.Source shifted = new Toy.Source(4) {
                @Override
                public void seek(long batch) {
                    super.seek(batch + 1);
                }
            };
            new TrainLoop(
                            Toy.config(2, 2),
                            List.of(new Toy.Method(manager)),
                            shifted,
                            run,
                            Evaluation.none(),
                            Progress.none())
                    .run();
        }
        assertThat(ResumeProof.compare(whole, other).what()).anyMatch(line -> line.startsWith("order of the data"));
    }

    /** Flips the lowest bit of a tensor's first byte and makes the checkpoint's hashes fit again. */
    private static void flip(Path checkpoint, String name, String tensor) throws IOException {
        Path file = checkpoint.resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        try (SafetensorsFile safetensors = SafetensorsFile.open(file)) {
            TensorInfo info = safetensors.info(tensor);
            long dataBytes = safetensors.tensors().values().stream()
                    .mapToLong(TensorInfo::length)
                    .sum();
            bytes[(int) (bytes.length - dataBytes + info.offset())] ^= 1;
        }
        String before = sha256(file);
        Files.write(file, bytes);
        Path provenance = checkpoint.resolve(Checkpoint.PROVENANCE);
        String text = Files.readString(provenance).replace(before, sha256(file));
        Files.writeString(checkpoint.resolve(Checkpoint.COMPLETE), DurableFile.write(provenance, text) + "\n");
    }

    private static String sha256(Path file) throws IOException {
        return MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
    }

    @Test
    void theOriginIsOwnCheckpointThenResumeFromThenInitializeFromThenScratch() {
        Path first = folder.resolve("first");
        Toy.train(Toy.config(4, 2), first);
        Path weights = first.resolve("step-00000004");
        try (NDManager manager = ComputeDevice.open("cpu")) {
            CheckpointStore none = new CheckpointStore(emptyDirectory(), TrainConfig.Keep.newest(1));
            CheckpointStore own = new CheckpointStore(first, TrainConfig.Keep.newest(1));
            TrainState state = new TrainState(Toy.config(9, 2), List.of(new Toy.Method(manager)), manager);
            assertThat(Origin.scratch().restore(state, none)).contains("scratch");
            assertThat(state.step()).isZero();
            assertThat(Origin.initializeFrom(weights).restore(state, none)).contains("weights of");
            assertThat(state.step()).isZero();
            assertThat(Toy.at(state.optimizerArrays(), "average.head.weight"))
                    .isEqualTo(Toy.at(state.weights(), "head.weight"));
            Path earlier = first.resolve("step-00000002");
            assertThat(Origin.resumeFrom(earlier).restore(state, none)).contains("at step 2");
            assertThat(state.batch()).isEqualTo(4);
            assertThat(Origin.resumeFrom(earlier).restore(state, own)).isEqualTo("continues at step 4");
        }
    }

    private Path emptyDirectory() {
        return folder.resolve("empty").toFile().mkdir() ? folder.resolve("empty") : folder;
    }

    @Test
    void aRunDirectoryCannotBeOpenedTwice() {
        Path path = folder.resolve("run");
        try (RunDirectory run = Toy.directory(path)) {
            assertThatThrownBy(() -> RunDirectory.open(run.path(), "", Origin.scratch(), Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("in use by another process");
        }
        Toy.directory(path).close();
    }
}
