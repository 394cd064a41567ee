package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KilledProcessTest {
    private static final int SIGTERM_EXIT = 128 + 15;

    @TempDir
    Path folder;

    /** With dropout, dropped paths, a queue, averaged weights, and batch norm trained or frozen. */
    @ParameterizedTest(name = "norm frozen: {0}")
    @ValueSource(booleans = {false, true})
    void aRunThatIsKilledAndTerminatedEndsWithTheBytesOfAnUndisturbedOne(boolean frozen) throws Exception {
        Path disturbed = folder.resolve("disturbed");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4);
        for (int round = 0; round < 2; round++) {
            Process process = startAndWaitForProgress(disturbed, frozen);
            Thread.sleep(random.nextInt(150));
            process.destroyForcibly().waitFor(); // SIGKILL
        }
        Process process = startAndWaitForProgress(disturbed, frozen);
        long before = newest(disturbed);
        process.destroy(); // SIGTERM
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(SIGTERM_EXIT);
        Checkpoint stopped = Checkpoint.open(disturbed);
        assertThat(stopped.step()).isGreaterThanOrEqualTo(before).isLessThan(ToyProcess.STEPS);

        Toy.train(ToyProcess.config(frozen), disturbed);
        Path undisturbed = folder.resolve("undisturbed");
        Toy.train(ToyProcess.config(frozen), undisturbed);
        assertThat(ResumeProof.compare(undisturbed, disturbed).what()).isEmpty();
    }

    /** Starts the run and returns when it has gone past the checkpoint that it began with. */
    private Process startAndWaitForProgress(Path run, boolean frozen) throws IOException, InterruptedException {
        long before = newest(run);
        Process process = ToyProcess.start(run, frozen, output());
        while (newest(run) <= before) {
            assertThat(process.isAlive())
                    .as(Files.readString(output().toPath()))
                    .isTrue();
            Thread.sleep(5);
        }
        return process;
    }

    private File output() {
        return folder.resolve("output.txt").toFile();
    }

    private static long newest(Path run) {
        if (!Files.exists(run)) {
            return 0;
        }
        Optional<Long> newest = Checkpoint.complete(run).keySet().stream().reduce((a, b) -> b);
        return newest.orElse(0L);
    }
}
