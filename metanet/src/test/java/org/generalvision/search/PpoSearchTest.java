package org.generalvision.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PpoSearchTest {
    @TempDir
    Path folder;

    private List<Trial> run(int budget, PpoConfig config, long seed, Path where) {
        Journal journal = Journal.inMemory();
        Costs costs = new Costs(new Toy.Space(), Toy.REWARD, new LatencyTable(folder.resolve("latency.jsonl"), t -> 1));
        Trials trials =
                new Trials(journal, new DirectEvaluations(new Toy.Table(0), folder), costs, 7, SearchWatch.none());
        new PpoSearch(config, budget, seed).run(trials, new PpoSearch.Place(where, "name: toy\n", 1000));
        return journal.trials();
    }

    @ParameterizedTest(name = "replay: {0}")
    @ValueSource(booleans = {false, true})
    void learnsTheBestOf4096Candidates(boolean replay) {
        PpoConfig config = Toy.ppo(16, replay ? new PpoConfig.Replay(16, 2) : null);
        List<Trial> trials = run(640, config, 1, folder.resolve("ppo"));
        double first = trials.subList(0, 64).stream()
                .mapToDouble(Trial::reward)
                .average()
                .orElseThrow();
        double last = trials.subList(576, 640).stream()
                .mapToDouble(Trial::reward)
                .average()
                .orElseThrow();
        assertThat(last).isGreaterThan(first + 0.2);
        assertThat(Ranking.best(trials).orElseThrow().tokens()).isEqualTo(Toy.BEST);
    }

    @Test
    void theEntropyBonusKeepsThePolicyOpen() throws Exception {
        PpoConfig open = new PpoConfig(16, 6, 0.2, 0.5, 3, 3, 3e-3, 1, new ControllerConfig(32, 2, 1), null);
        PpoConfig closed = new PpoConfig(16, 6, 0.2, 0.5, 0, 0, 3e-3, 1, new ControllerConfig(32, 2, 1), null);
        run(320, open, 1, folder.resolve("open"));
        run(320, closed, 1, folder.resolve("closed"));
        assertThat(lastEntropy(folder.resolve("open"))).isGreaterThan(lastEntropy(folder.resolve("closed")) + 1);
    }

    private static double lastEntropy(Path run) throws Exception {
        List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
        String last = lines.get(lines.size() - 1);
        String after = last.substring(last.indexOf("\"loss/entropy\":") + "\"loss/entropy\":".length());
        return Double.parseDouble(after.substring(0, after.indexOf(',')));
    }

    @Test
    void oneSeedGivesOneSearchAndAnotherSeedAnother() {
        PpoConfig config = Toy.ppo(8, null);
        List<Tokens> first = tokens(run(48, config, 1, folder.resolve("a")));
        assertThat(tokens(run(48, config, 1, folder.resolve("b")))).isEqualTo(first);
        assertThat(tokens(run(48, config, 2, folder.resolve("c")))).isNotEqualTo(first);
    }

    private static List<Tokens> tokens(List<Trial> trials) {
        return IntStream.range(0, trials.size())
                .mapToObj(i -> trials.get(i).tokens())
                .toList();
    }
}
