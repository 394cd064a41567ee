package org.generalvision.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.train.StopRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables in files, and searches replayed on them. */
class ReplayStudyTest {
    private final TokenSpace space = new Toy.Space();

    @TempDir
    Path folder;

    private static FitnessTable table() {
        Set<Tokens> drawn = new HashSet<>();
        RandomGenerator random = RandomStream.of(1, 0, 0, "replay test");
        while (drawn.size() < 120) {
            drawn.add(new Toy.Space().draw(random));
        }
        return new FitnessTable(drawn.stream()
                .map(tokens -> new FitnessTable.Row(tokens, Toy.accuracy(tokens)))
                .toList());
    }

    @Test
    void evolutionIsSeenToBeatRandomSearchAndTheFiguresAreThoseOfTheRuns() {
        SearchConfig config = Toy.config(64, Toy.REWARD).withSeeds(ReplayStudy.seeds(1, 8));
        List<String> said = new ArrayList<>();
        ReplayResult result = new ReplayStudy(config, space, table()).run(new StopRequest(), new SearchWatch() {
            @Override
            public void note(String message) {
                said.add(message);
            }
        });
        assertThat(said).hasSize(8).last().asString().startsWith("seed 8 done; mean best true reward: ppo 0.");
        assertThat(result.methods()).extracting(ReplayResult.Method::method).containsExactly(Arm.Method.values());
        for (ReplayResult.Method method : result.methods()) {
            assertThat(method.curve()).hasSize(64).isSorted();
            assertThat(method.curve().get(63)).isCloseTo(method.best().mean(), within(1e-12));
            assertThat(method.chosen().mean()).isLessThanOrEqualTo(method.best().mean() + 1e-12);
        }
        ReplayResult.Difference evolution = result.differences().get(2);
        assertThat(evolution.best().mean())
                .isCloseTo(
                        result.methods().get(2).best().mean()
                                - result.methods().get(1).best().mean(),
                        within(1e-12))
                .isPositive();
        assertThat(evolution.wins()).isGreaterThan(0.5);
    }

    @Test
    void aStudyIsStoppedAndWantsTwoSeeds() {
        StopRequest stop = new StopRequest();
        stop.request();
        SearchConfig config = Toy.config(8, Toy.REWARD).withSeeds(ReplayStudy.seeds(1, 2));
        assertThatThrownBy(() -> new ReplayStudy(config, space, table()).run(stop, SearchWatch.none()))
                .isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> new ReplayStudy(Toy.config(8, Toy.REWARD), space, table()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two seeds");
    }

    @Test
    void aTableHasEachCandidateOfAllSearchesOnceAndNoneThatFailed() throws Exception {
        Search search = Toy.search(folder.resolve("run"), Toy.config(64, Toy.REWARD), new Toy.Table(0));
        List<Arm> arms = new ArrayList<>(search.run(Arm.Method.RANDOM));
        arms.addAll(search.run(Arm.Method.EVOLUTION));
        Set<Tokens> expected = new HashSet<>();
        arms.forEach(arm -> arm.trials().stream()
                .filter(trial -> trial.failure() == null)
                .forEach(trial -> expected.add(trial.tokens())));
        Path file = folder.resolve("table.jsonl");
        assertThat(FitnessTable.write(file, arms)).isEqualTo(expected.size());
        FitnessTable table = FitnessTable.read(file, space);
        assertThat(table.rows()).extracting(FitnessTable.Row::tokens).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(table.rows()).allMatch(row -> row.accuracy() == Toy.accuracy(row.tokens()));
    }

    @Test
    void aTableThatSaysNothingIsRefusedByLine() throws Exception {
        Path file = folder.resolve("table.jsonl");
        String line = "{\"architecture\":\"toy 0-1-2-3-0-1\",\"accuracy\":0.5}\n";
        Files.writeString(file, line);
        refuses(file, "has 1 candidates; at least 20 are needed");
        Files.writeString(file, line + line);
        refuses(file, "line 2 of " + file + " repeats the candidate of line 1");
        Files.writeString(file, line.replace("0.5", "1.5"));
        refuses(file, "line 1 of " + file + ": accuracy must lie in [0, 1]: 1.5");
        Files.writeString(file, line + "{\n");
        refuses(file, "line 2 of " + file);
        Files.writeString(file, line.replace("toy 0-1", "toy 0-x"));
        refuses(file, "line 1 of " + file + " is no candidate of the recipe's space");
    }

    private void refuses(Path file, String message) {
        assertThatThrownBy(() -> FitnessTable.read(file, space))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
