package org.generalvision.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole searches: killed, resumed, with several workers. */
class SearchTest {
    private static final int TRIALS = 24;
    private static final long MILLIS = 10;

    @TempDir
    Path folder;

    /** Searches in a process of its own: {@code search DIR} or {@code worker DIR}. */
    static final class Other {
        private Other() {}

        public static void main(String[] args) {
            Path directory = Path.of(args[1]);
            if (args[0].equals("search")) {
                runAll(directory, MILLIS);
            } else {
                new EvaluationWorker(directory, new Toy.Table(MILLIS), new org.generalvision.train.StopRequest())
                        .run(() -> true);
            }
        }
    }

    private static void runAll(Path directory, long millis) {
        Search search = Toy.search(directory, Toy.config(TRIALS, Toy.REWARD), new Toy.Table(millis));
        for (Arm.Method method : Arm.Method.values()) {
            search.run(method);
        }
    }

    private Process start(String role, Path directory) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of(Other.class.getName(), role, directory.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output()))
                .start();
    }

    private File output() {
        return folder.resolve("output.txt").toFile();
    }

    /** All journals without the times, which no two runs share. */
    private static List<String> journals(Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Arm.Method method : Arm.Method.values()) {
            Path file = directory.resolve(Arm.folder(method, 1)).resolve(Journal.FILE);
            for (String line : Files.readAllLines(file)) {
                lines.add(line.replaceFirst(",\"time\":\\{[^}]*\\}\\}$", "}"));
            }
        }
        return lines;
    }

    private static long linesIn(Path directory) throws IOException {
        long lines = 0;
        for (Arm.Method method : Arm.Method.values()) {
            Path file = directory.resolve(Arm.folder(method, 1)).resolve(Journal.FILE);
            lines += Files.exists(file) ? Files.readAllLines(file).size() : 0;
        }
        return lines;
    }

    @Test
    void aSearchThatIsKilledAtRandomMomentsEndsWithTheJournalsOfAnUndisturbedOne() throws Exception {
        Path disturbed = folder.resolve("disturbed");
        RandomGenerator random = RandomStream.of(11, 0, 0, "kills");
        for (int kill = 0; kill < 3; kill++) {
            long until = (long) ((kill + random.nextDouble()) * 2.4 * TRIALS / 3);
            Process process = start("search", disturbed);
            while (linesIn(disturbed) < until) {
                assertThat(process.isAlive())
                        .as(Files.readString(output().toPath()))
                        .isTrue();
                Thread.sleep(3);
            }
            Thread.sleep(random.nextInt(20));
            process.destroyForcibly().waitFor(); // SIGKILL
        }
        runAll(disturbed, 0);
        Path undisturbed = folder.resolve("undisturbed");
        runAll(undisturbed, 0);
        assertThat(journals(disturbed)).hasSize(3 * TRIALS).isEqualTo(journals(undisturbed));
        assertThat(Files.readAllBytes(disturbed.resolve("ppo-1/metrics.jsonl")))
                .isEqualTo(Files.readAllBytes(undisturbed.resolve("ppo-1/metrics.jsonl")));
    }

    @Test
    void withoutItsCheckpointsASearchGoesThroughItsJournalAgain() throws Exception {
        Path directory = folder.resolve("search");
        runAll(directory, 0);
        List<String> before = journals(directory);
        try (var files = Files.list(directory.resolve("ppo-1"))) {
            for (Path checkpoint : files.filter(
                            f -> String.valueOf(f.getFileName()).startsWith("step-"))
                    .toList()) {
                com.google.common.io.MoreFiles.deleteRecursively(
                        checkpoint, com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE);
            }
        }
        runAll(directory, 0);
        assertThat(journals(directory)).isEqualTo(before);
    }

    @Test
    void severalWorkersOneOfThemKilledChangeNothing() throws Exception {
        Path shared = folder.resolve("shared");
        Files.createDirectories(shared);
        Process first = start("worker", shared);
        Process second = start("worker", shared);
        try {
            Thread killer = new Thread(() -> {
                try {
                    while (linesIn(shared) < TRIALS) {
                        Thread.sleep(3);
                    }
                    second.destroyForcibly();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            killer.start();
            runAll(shared, 2 * MILLIS);
            killer.join();
        } finally {
            first.destroyForcibly().waitFor();
            second.destroyForcibly().waitFor();
        }
        Path alone = folder.resolve("alone");
        runAll(alone, 0);
        assertThat(journals(shared)).isEqualTo(journals(alone));
        assertThat(output()).content().doesNotContain("Exception");
    }

    @Test
    void anEvaluationThatSomebodyMadeIsNotMadeAgain() {
        Path directory = folder.resolve("search");
        List<Arm> once = Toy.search(directory, Toy.config(TRIALS, Toy.REWARD), new Toy.Table(0))
                .run(Arm.Method.RANDOM);
        assertThat(once.get(0).trials()).anyMatch(trial -> !trial.time().cached());
        // The same trials, asked for by another search in the same directory whose evaluator would fail.
        Evaluator broken = new Toy.Table(-1);
        SearchConfig twoSeeds = Toy.config(TRIALS, Toy.REWARD);
        assertThat(Toy.search(directory, twoSeeds, broken)
                        .run(Arm.Method.RANDOM)
                        .get(0)
                        .trials())
                .isEqualTo(once.get(0).trials());
    }

    @Test
    void whoWatchesASearchThatGoesOnIsToldOfTheTrialsBefore() {
        List<String> told = new ArrayList<>();
        SearchWatch watch = new SearchWatch() {
            @Override
            public void trial(Trial trial) {
                told.add("made " + trial.trial());
            }

            @Override
            public void restored(Trial trial) {
                told.add("restored " + trial.trial());
            }
        };
        for (String word : List.of("made ", "restored ")) {
            told.clear();
            new Search(
                            Toy.config(TRIALS, Toy.REWARD),
                            new Toy.Space(),
                            new Toy.Table(0),
                            new Search.Place(folder, "name: toy\n", new org.generalvision.train.StopRequest(), watch))
                    .run(Arm.Method.PPO);
            assertThat(told)
                    .hasSize(TRIALS)
                    .allMatch(line -> line.startsWith(word))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void candidatesOverAllRanksAreTrainedLonger() {
        Search search = Toy.search(folder, Toy.config(TRIALS, Toy.REWARD), new Toy.Table(0));
        LongerTraining longer =
                search.trainLonger(search.run(Arm.Method.RANDOM)).orElseThrow();
        assertThat(longer.candidates()).hasSize(6);
        assertThat(longer.correlation().kendall()).isEqualTo(1);
        assertThat(folder.resolve(LongerTraining.FILE)).content().hasLineCount(6);
    }

    @Test
    void aTrialIsRepeatedAlone() {
        Search search = Toy.search(folder, Toy.config(TRIALS, Toy.REWARD), new Toy.Table(0));
        Trial trial = search.run(Arm.Method.RANDOM).get(0).trials().get(5);
        assertThat(search.repeat(trial, folder.resolve("again")).accuracy()).isEqualTo(trial.accuracy());
    }

    @Test
    void aLimitThatNoCandidateMeetsEndsTheSearchBeforeItBegins() {
        SearchConfig config = Toy.config(TRIALS, new Reward(Reward.Kind.MACS, 20, -0.07, 1.0));
        assertThatThrownBy(() -> Toy.search(folder, config, new Toy.Table(0)).run(Arm.Method.PPO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which no candidate meets");
        assertThat(folder.resolve("ppo-1")).doesNotExist();
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Toy.config(TRIALS + 1, Toy.REWARD)).hasMessageContaining("multiple of ppo.round");
        assertThatThrownBy(() -> new EvolutionConfig(4, 5, 1)).hasMessageContaining("sample");
        assertThatThrownBy(() -> new ControllerConfig(30, 4, 1)).hasMessageContaining("heads must divide width");
        assertThatThrownBy(() -> new PpoConfig.Replay(0, 1)).hasMessageContaining("trials");
    }
}
