package org.generalvision.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.benchmark.stage.SmallPretraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands in processes of their own: signals, kills, and what reaches standard output. */
class ProcessIT {
    private static final int SIGTERM_STATUS = 128 + 15;

    @TempDir
    Path folder = Path.of("");

    private static List<String> small(String... first) {
        return Stream.concat(Stream.of(first), SmallPretraining.OVERRIDES.stream())
                .toList();
    }

    /** Waits until a run has noted a step. */
    private Process startAndWaitForStep(Path run, List<String> arguments) throws IOException, InterruptedException {
        Process process = Outcome.start(folder, arguments);
        Path metrics = run.resolve("metrics.jsonl");
        while (!Files.exists(metrics) || Files.size(metrics) == 0) {
            assertThat(process.isAlive())
                    .as(Files.readString(folder.resolve("err.txt")))
                    .isTrue();
            Thread.sleep(5);
        }
        return process;
    }

    @Test
    void aTerminatedRunSavesAndIsContinued() throws Exception {
        Path run = folder.resolve("run");
        List<String> command = new ArrayList<>(small("pretrain", "clip-desk"));
        command.addAll(List.of("--run-dir", run.toString(), "train.saveEvery=100000", "train.steps=100000"));
        Process process = startAndWaitForStep(run, command);
        process.toHandle().destroy(); // SIGTERM
        Outcome stopped = Outcome.of(process, folder);
        assertThat(stopped.status()).as(stopped.err()).isEqualTo(SIGTERM_STATUS);
        assertThat(stopped.err()).contains("saving a checkpoint");
        Path checkpoint = Path.of(stopped.out().lines().findFirst().orElseThrow());
        assertThat(checkpoint.resolve("COMPLETE")).exists();
        long step = Long.parseLong(checkpoint.getFileName().toString().substring("step-".length()));
        assertThat(step).isPositive().isLessThan(100000);

        Outcome continued =
                Outcome.pretrain("clip-desk", "--run-dir", run.toString(), "--resume", "train.steps=" + (step + 1));
        assertThat(continued.status()).as(continued.err()).isZero();
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize((int) step + 1);
    }

    @Test
    void aSecondSignalEndsAtOnce() throws Exception {
        Path run = folder.resolve("run");
        List<String> command = new ArrayList<>(small("pretrain", "clip-desk"));
        // A step of this size is still under way when the second signal comes.
        command.addAll(List.of("--run-dir", run.toString(), "data.loader.batchSize=256", "train.steps=1000"));
        Process process = startAndWaitForStep(run, command);
        process.toHandle().destroy();
        while (!Files.readString(folder.resolve("err.txt")).contains("once more ends at once")) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(5);
        }
        process.toHandle().destroy();
        assertThat(Outcome.of(process, folder).status()).isEqualTo(SIGTERM_STATUS);
    }

    @Test
    void aTerminatedQuickstartSaysHowToGoOn() throws Exception {
        Path out = folder.resolve("out");
        Process process = startAndWaitForStep(
                out.resolve("amateur-desk"), List.of("quickstart", "--short", "--out", out.toString()));
        process.toHandle().destroy();
        Outcome stopped = Outcome.of(process, folder);
        assertThat(stopped.status()).as(stopped.err()).isEqualTo(SIGTERM_STATUS);
        assertThat(stopped.out()).isEmpty();
        try (Stream<Path> files = Files.list(out.resolve("amateur-desk"))) {
            assertThat(files).anyMatch(path -> Files.exists(path.resolve("COMPLETE")));
        }
    }

    @Test
    void jsonStandsAloneOnStandardOutput() throws Exception {
        for (List<String> command : List.of(
                List.of("doctor", "--json"), List.of("zoo", "list", "--json"), List.of("recipe", "list", "--json"))) {
            Outcome outcome = Outcome.of(Outcome.start(folder, command), folder);
            assertThat(new ObjectMapper().readTree(outcome.out()).isContainerNode())
                    .as("%s: %s", command, outcome)
                    .isTrue();
        }
    }

    /** Dropout, drop path, averages, a queue, and batch norm both trained and frozen. */
    private static Outcome verifyResume(String... more) {
        List<String> command = new ArrayList<>(small("verify-resume", "amateur-desk", "--steps", "10", "--json"));
        command.addAll(List.of("objective.queueSize=32", "train.emaDecay=0.9", "train.evaluateEvery=10"));
        command.addAll(List.of("model.dropPath=0.2", "model.text.dropout=0.1"));
        command.addAll(List.of(more));
        return Outcome.of(command.toArray(String[]::new));
    }

    @Test
    void aKilledRunEndsWithTheBytesOfAnUndisturbedOne() throws IOException {
        Outcome outcome = verifyResume("train.freeze=[image.stem]");
        assertThat(outcome.status()).as(outcome.toString()).isZero();
        assertThat(new ObjectMapper().readTree(outcome.out()).get("kills").asInt())
                .isEqualTo(5);
    }

    @Test
    void onePlantedBitIsNoticed() throws IOException {
        Outcome outcome =
                verifyResume("--plant", "--out", folder.resolve("runs").toString());
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(1);
        assertThat(new ObjectMapper().readTree(outcome.out()).get("differences"))
                .anyMatch(line -> line.asText().startsWith("weights: "));
    }
}
