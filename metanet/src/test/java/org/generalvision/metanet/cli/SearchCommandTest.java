package org.generalvision.metanet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command from the outside, with a recipe whose trials take a fraction of a second. */
class SearchCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JOURNAL = "journal.jsonl";
    private static final int TRIALS = 6;

    @TempDir
    static Path cache;

    @TempDir
    Path folder;

    /** A program with this command, which starts itself as worker. */
    @Command(name = "program")
    static final class Program {
        public static void main(String[] arguments) {
            System.exit(commandLine().execute(arguments));
        }
    }

    private record Said(int status, String out, String err) {}

    private static CommandLine commandLine() {
        return new CommandLine(new Program())
                .addSubcommand(new CommandLine(new SearchCommand(Program.class.getName())))
                .setExecutionExceptionHandler((e, line, result) -> {
                    line.getErr().println(e.getClass().getSimpleName() + ": " + e.getMessage());
                    return 2;
                });
    }

    private static Said run(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = line.execute(arguments.toArray(String[]::new));
        return new Said(status, out.toString(), err.toString());
    }

    private static String toy() {
        return Path.of(Resources.getResource("search/toy.yaml").getPath()).toString();
    }

    private static List<String> arguments(Path directory, String... more) {
        List<String> arguments = new ArrayList<>(List.of("search", toy()));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--run-dir", directory.toString(), "--cache", cache.toString()));
        return arguments;
    }

    /** A journal without the times, which no two runs share. */
    private static List<String> journal(Path directory, String search) throws IOException {
        Path file = directory.resolve(search).resolve(JOURNAL);
        try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.<String>empty()) {
            return lines.map(line -> line.replaceFirst(",\"time\":\\{[^}]*\\}\\}$", "}"))
                    .toList();
        }
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(Program.class.getName());
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
    }

    @Test
    void aSearchWithControlsLeavesJournalsASummaryAndAPage() throws Exception {
        Path directory = folder.resolve("run");
        Said said = run(arguments(directory, "--controls", "--json"));
        assertThat(said.status()).as(said.err()).isZero();
        JsonNode summary = JSON.readTree(said.out());
        assertThat(summary.get("methods").findValuesAsText("method")).containsExactly("PPO", "RANDOM", "EVOLUTION");
        assertThat(summary.get("methods").findValues("trials"))
                .extracting(JsonNode::asInt)
                .containsExactly(TRIALS, TRIALS, TRIALS);
        assertThat(summary.get("front")).isNotEmpty();
        assertThat(summary.get("longer").get("candidates").asInt()).isEqualTo(3);
        for (String search : List.of("ppo-1", "random-1", "evolution-1")) {
            assertThat(journal(directory, search)).hasSize(TRIALS);
        }
        assertThat(directory.resolve("search.html"))
                .content()
                .contains("Pareto front", "The searches compared", "regularized evolution", "The proxy");
    }

    @Test
    void aSearchThatWasStoppedOrKilledAndResumedEqualsOneThatWasNot() throws Exception {
        Path whole = folder.resolve("whole");
        assertThat(run(arguments(whole)).status()).isZero();
        Path disturbed = folder.resolve("disturbed");
        Process stopped = start(arguments(disturbed));
        await(stopped, disturbed, 1);
        stopped.destroy(); // SIGTERM
        assertThat(stopped.waitFor()).as(output()).isEqualTo(143);
        assertThat(journal(disturbed, "ppo-1")).hasSizeBetween(1, TRIALS - 1);
        assertThat(run(arguments(disturbed)).err()).contains("holds a search already; use --resume");
        Process killed = start(arguments(disturbed, "--resume"));
        await(killed, disturbed, 4);
        killed.destroyForcibly().waitFor();
        Said said = run(arguments(disturbed, "--resume"));
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(journal(disturbed, "ppo-1")).isEqualTo(journal(whole, "ppo-1"));
        assertThat(said.out()).contains("search.html").contains("PPO: 6 trials, 0 failed");
    }

    private void await(Process process, Path directory, int lines) throws Exception {
        while (journal(directory, "ppo-1").size() < lines) {
            assertThat(process.isAlive()).as(output()).isTrue();
            Thread.sleep(3);
        }
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output.txt"));
    }

    @Test
    void twoProcessesMakeTheJournalOfOne() throws Exception {
        Path alone = folder.resolve("alone");
        assertThat(run(arguments(alone)).status()).isZero();
        Path together = folder.resolve("together");
        Process search = start(arguments(together, "--workers", "2"));
        assertThat(search.waitFor()).as(output()).isZero();
        assertThat(journal(together, "ppo-1")).isEqualTo(journal(alone, "ppo-1"));
        assertThat(together.resolve("worker-1.log")).content().contains("the search has ended; trained");
    }

    @Test
    void aTrialIsMadeAgainAndHeldAgainstTheJournal() throws Exception {
        Path directory = folder.resolve("run");
        assertThat(run(arguments(directory, "--methods", "random")).status()).isZero();
        List<String> before = journal(directory, "random-1");
        Said same = run(arguments(directory, "--trial", "random-1/2", "--json"));
        assertThat(same.status()).as(same.err()).isZero();
        assertThat(JSON.readTree(same.out()).get("same").asBoolean()).isTrue();
        assertThat(journal(directory, "random-1")).isEqualTo(before);
        assertThat(run(arguments(directory, "--trial", "0")).err()).contains("there is no journal of ppo-1");
        assertThat(run(arguments(directory, "--trial", "random-1/6")).err()).contains("must lie in [0, 6)");
        assertThat(run(arguments(directory, "--trial", "random-1/x")).err()).contains("--trial must be a number");
        Path file = directory.resolve("random-1").resolve(JOURNAL);
        Files.writeString(
                file,
                Files.readString(file).replaceAll("\"step\":4,\"accuracy\":[0-9.]+", "\"step\":4,\"accuracy\":0.99"));
        Said changed = run(arguments(directory, "--trial", "random-1/2"));
        assertThat(changed.status()).isEqualTo(1);
        assertThat(changed.out()).contains("DIFFERENT");
    }

    @Test
    void aProxyThatDivergesIsATrialWithItsReason() throws Exception {
        Path directory = folder.resolve("run");
        Said said = run(arguments(
                directory,
                "--methods",
                "random",
                "search.longer=null",
                "proxy.training.clipNorm=1e30",
                "proxy.training.optimizer.learningRate=1e30"));
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out()).contains("random search: 6 trials, 6 failed");
        for (String line : Files.readAllLines(directory.resolve("random-1").resolve(JOURNAL))) {
            JsonNode trial = JSON.readTree(line);
            assertThat(trial.get("failure").asText()).containsIgnoringCase("nan");
            assertThat(trial.get("reward").asDouble()).isZero();
        }
        assertThat(directory.resolve("search.html")).content().contains("all of which failed");
    }

    @Test
    void theCostMayBeAMeasuredLatency() throws Exception {
        Path directory = folder.resolve("run");
        Said said = run(arguments(
                directory, "search.longer=null", "search.reward.cost=latency", "search.reward.target=1", "--json"));
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(JSON.readTree(said.out()).get("cost").asText()).isEqualTo("LATENCY");
        for (String line : Files.readAllLines(directory.resolve("ppo-1").resolve(JOURNAL))) {
            JsonNode trial = JSON.readTree(line);
            double expected = trial.get("accuracy").asDouble()
                    * Math.pow(trial.get("latencyMillis").asDouble(), -0.07);
            assertThat(trial.get("reward").asDouble()).isEqualTo(expected);
        }
        assertThat(directory.resolve("search.html")).content().contains("latency / 1.000 ms");
    }

    @Test
    void aTableIsWrittenAndSearchesAreReplayedOnIt() throws Exception {
        Path table = folder.resolve("table.jsonl");
        assertThat(run(arguments(
                                folder.resolve("run"),
                                "--methods",
                                "random",
                                "search.trials=30",
                                "search.longer=null",
                                "--table",
                                table.toString()))
                        .status())
                .isZero();
        Path directory = folder.resolve("replay");
        Said said = run(arguments(directory, "--replay", table.toString(), "--seeds", "3-5", "--json"));
        assertThat(said.status()).as(said.err()).isZero();
        JsonNode result = JSON.readTree(said.out());
        assertThat(result.get("seeds").asInt()).isEqualTo(3);
        assertThat(result.get("surrogate").get("candidates").asInt()).isBetween(20, 30);
        assertThat(result.get("differences").get(0).get("best").get("count").asInt())
                .isEqualTo(3);
        assertThat(directory.resolve("replay.html")).content().contains("PPO less random search");
        assertThat(run(arguments(directory, "--replay", table.toString(), "--seeds", "5"))
                        .err())
                .contains("--seeds must be two numbers FIRST-LAST");
        assertThat(run(arguments(directory, "--replay", table.toString(), "search.reward.cost=latency"))
                        .err())
                .contains("A table knows no latencies");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "search.trails=6              | there is no key search.trails; did you mean trials?",
                "search.trials=7              | trials must be a multiple of ppo.round",
                "search.reward.limit=10       | reward.limit is 10.00 multiply-adds, which no candidate meets",
                "search.reward.cost=money     | search.reward.cost",
                "space.base=stem_c8 mbconv_e1_s1_r1_c8 sa_e2_s2_r2_c20_h8 head_c16 | headWidth must divide the channels that attention sees in stage 1: 8 does not divide 20",
                "space.base=stem_c8 mbconv_e1_s1_r1_c8 head_c16 | base needs a first stage, which stays, and stages to search",
                "space.repeatChanges=[-1]     | repeatChanges leave no repeats of at least 1 in stage 1",
                "space.operators=[sa, sa]     | operators must hold at least one choice, each once",
                "proxy.train.of.split=fashion | split is unknown: fashion",
                "--methods=genetic            | A way of searching is ppo, random or evolution, not: genetic",
                "--workers=0                  | --workers must lie in [1, 256]: 0",
                "--worker                     | No search is under way in",
                "--resume                     | There is no search to go on with",
                "--trial=0                    | there is no journal of ppo-1",
            })
    void badInputIsRefusedWithTheReason(String argument, String message) {
        Path directory = folder.resolve("run");
        Said said = run(arguments(directory, argument));
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.err()).contains(message);
        assertThat(directory.resolve("ppo-1")).doesNotExist();
    }

    @Test
    void otherValuesAreRefusedWhereASearchGoesOn() {
        Path directory = folder.resolve("run");
        assertThat(run(arguments(directory, "--methods", "random", "search.longer=null"))
                        .status())
                .isZero();
        Said said = run(arguments(directory, "--methods", "random", "--resume"));
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.err()).contains("holds a search of another recipe or other values");
    }
}
