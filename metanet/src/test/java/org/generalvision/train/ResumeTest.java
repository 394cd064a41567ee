package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {
    @TempDir
    Path folder;

    @Test
    void tenStepsEqualFiveAndFiveBitForBit() throws Exception {
        Checkpoint whole = Toy.train(Toy.config(10, 5), folder.resolve("whole"));
        Path parts = folder.resolve("parts");
        StopRequest stop = new StopRequest();
        try (NDManager manager = ComputeDevice.open("cpu");
                RunDirectory run = Toy.directory(parts)) {
            Evaluation stopAtFive = step -> {
                stop.request();
                return new java.util.TreeMap<>();
            };
            Checkpoint half = new TrainLoop(
                            Toy.config(10, 5),
                            List.of(new Toy.Method(manager)),
                            new Toy.Source(4),
                            run,
                            stopAtFive,
                            Progress.none())
                    .run(stop);
            assertThat(half.step()).isEqualTo(5);
        }
        Checkpoint resumed = Toy.train(Toy.config(10, 5), parts);
        for (String file : Checkpoint.FILES) {
            assertThat(resumed.path().resolve(file))
                    .hasSameBinaryContentAs(whole.path().resolve(file));
        }
        System.err.println(Files.readString(parts.resolve("metrics.jsonl")));
        System.err.println(Files.readString(whole.path().resolve("state.json")));
    }
}
