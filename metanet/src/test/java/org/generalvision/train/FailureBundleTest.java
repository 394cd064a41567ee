package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.data.load.Batch;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.SafetensorsWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureBundleTest {
    private final NDManager manager = ComputeDevice.open("cpu");

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    /** One pixel of the second batch of step 2 is broken. */
    private static final class Broken extends Toy.Source {
        private final float value;

        Broken(float value) {
            super(4);
            this.value = value;
        }

        @Override
        public Batch next(NDManager manager) {
            Batch batch = super.next(manager);
            if (batch.step() != 5) {
                return batch;
            }
            Map<String, NDArray> arrays = new HashMap<>(batch.arrays());
            float[] pixels = batch.get("image").toFloatArray();
            pixels[17] = value;
            arrays.put("image", manager.create(pixels, batch.get("image").getShape()));
            return new Batch(batch.step(), batch.epoch(), batch.ids(), arrays);
        }
    }

    private TrainingDiverged fail(float value, Toy.Method method) {
        TrainConfig config = Toy.config(10, 1);
        try (RunDirectory run = Toy.directory(folder)) {
            TrainLoop loop =
                    new TrainLoop(config, List.of(method), new Broken(value), run, Evaluation.none(), Progress.none());
            return catchThrowableOfType(TrainingDiverged.class, loop::run);
        }
    }

    private Checkpoint replay(Path bundle) {
        try (RunDirectory run =
                RunDirectory.open(folder.resolve("replay"), "recipe", Origin.replay(bundle), Map.of())) {
            Toy.Method method = new Toy.Method(manager);
            return new TrainLoop(
                            Toy.config(10, 1),
                            List.of(method),
                            new Toy.Source(4),
                            run,
                            Evaluation.none(),
                            Progress.none())
                    .run();
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void aLossThatIsNotFiniteStopsBeforeTheUpdateAndItsBundleReplays(float value) {
        Toy.Method method = new Toy.Method(manager);
        TrainingDiverged failure = fail(value, method);
        assertThat(failure).hasMessageContaining("Step 2").hasMessageContaining("loss/entropy=NaN");
        Checkpoint last = Checkpoint.open(folder);
        assertThat(last.step()).isEqualTo(2);
        Toy.Network saved = Toy.network(manager, 0);
        last.load(saved);
        assertThat(Toy.at(method.model().parameters(), "head.weight").getArray())
                .as("nothing has moved since the last good step")
                .isEqualTo(Toy.at(saved.parameters(), "head.weight").getArray());

        TrainingDiverged again = catchThrowableOfType(TrainingDiverged.class, () -> replay(failure.bundle()));
        assertThat(again.getMessage()).isEqualTo(failure.getMessage());
        assertThat(again.bundle()).isEqualTo(failure.bundle());
        assertThat(Checkpoint.complete(folder.resolve("replay"))).isEmpty();
    }

    @Test
    void aReplayOfABatchThatHasBeenMendedDoesNotFail() {
        TrainingDiverged failure = fail(Float.NaN, new Toy.Method(manager));
        Path batch = failure.bundle().resolve("batch-1.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(batch)) {
            TreeMap<String, NDArray> arrays = new TreeMap<>();
            file.names().forEach(name -> arrays.put(name, file.read(name, manager)));
            float[] pixels = Toy.at(arrays, "image").toFloatArray();
            pixels[17] = 0;
            arrays.put("image", manager.create(pixels, Toy.at(arrays, "image").getShape()));
            SafetensorsWriter.write(batch, arrays, Map.of());
        }
        Checkpoint mended = replay(failure.bundle());
        assertThat(mended.step()).isEqualTo(3);
        Toy.trainUntil(3, Toy.config(10, 1), folder.resolve("sound"));
        assertThat(ResumeProof.compare(folder.resolve("sound"), folder.resolve("replay"))
                        .what())
                .as("the step is the one that a run on sound batches takes")
                .noneMatch(line -> line.startsWith("state") || line.startsWith("order"));
    }

    @Test
    void aFolderWithoutAFailedStepIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> replay(folder))
                .withMessageContaining("holds no failed step");
    }
}
