package org.generalvision.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.generalvision.search.page.ReplayPage;
import org.generalvision.search.page.SearchPage;
import org.generalvision.train.StopRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages show of searches on a toy. */
class SearchPageTest {
    private static final int TRIALS = 24;

    @TempDir
    Path folder;

    private static String html(List<Arm> arms, Reward reward, Optional<LongerTraining> longer) {
        return new SearchPage("toy", reward, new Toy.Space().positions(), arms, longer)
                .page()
                .html();
    }

    @Test
    void thePageHasTheFrontTheTrendTheControlsAndTheProxy() {
        Search search = Toy.search(folder, Toy.config(TRIALS, Toy.REWARD), new Toy.Table(0));
        List<Arm> arms = new ArrayList<>();
        for (Arm.Method method : Arm.Method.values()) {
            arms.addAll(search.run(method));
        }
        Optional<LongerTraining> longer = search.trainLonger(arms);
        SearchSummary summary = SearchSummary.of(arms, Reward.Kind.MACS, longer);
        String html = html(arms, Toy.REWARD, longer);
        for (SearchSummary.Network network : summary.front()) {
            assertThat(html).contains(network.search() + "/" + network.trial(), network.architecture());
        }
        for (SearchSummary.Method method : summary.methods()) {
            assertThat(html)
                    .contains("<td>" + method.method().words() + "</td>")
                    .contains("%.4f \u00b1 %.4f"
                            .formatted(method.reward().mean(), method.reward().halfWidth()));
        }
        assertThat(html)
                .contains("What was tried: operator by stage")
                .contains("Kendall&#39;s tau 1.00", "over 6 candidates")
                .contains("With one seed there is no interval of the best");
    }

    @Test
    void severalSeedsHaveAnIntervalOfTheBest() {
        SearchConfig config = Toy.config(TRIALS, Toy.REWARD).withSeeds(List.of(1L, 2L, 3L));
        List<Arm> arms = Toy.search(folder, config, new Toy.Table(0)).run(Arm.Method.RANDOM);
        SearchSummary.Method method = SearchSummary.of(arms, Reward.Kind.MACS, Optional.empty())
                .methods()
                .get(0);
        assertThat(method.bestReward().count()).isEqualTo(3);
        assertThat(html(arms, Toy.REWARD, Optional.empty()))
                .contains("%.4f \u00b1 %.4f"
                        .formatted(
                                method.bestReward().mean(), method.bestReward().halfWidth()))
                .doesNotContain("With one seed");
    }

    @Test
    void aTrialFarBelowAllOthersIsCountedAndNotShown() {
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            double accuracy = i == 4 ? 0.1 : 0.7 + 0.01 * i;
            trials.add(new Trial(
                    i,
                    Toy.BEST.with(0, i % 4).with(1, i / 4),
                    "line " + i,
                    1,
                    accuracy,
                    accuracy,
                    10,
                    20,
                    null,
                    null,
                    null,
                    List.of(),
                    new Trial.Time(1, 1, 0, false)));
        }
        List<Arm> arms = List.of(new Arm(Arm.Method.RANDOM, 1, trials));
        // Quartiles are 0.71 and 0.76: three of their distance below the lower one.
        assertThat(html(arms, Toy.REWARD, Optional.empty())).contains("1 below 56.0 % are not shown");
        assertThat(html(List.of(new Arm(Arm.Method.RANDOM, 1, trials.subList(0, 4))), Toy.REWARD, Optional.empty()))
                .doesNotContain("are not shown");
    }

    @Test
    void aSearchThatHasJustBegunHasAPage() {
        assertThat(html(List.of(), Toy.REWARD, Optional.empty())).contains("No trial has been made yet.");
        assertThat(html(List.of(new Arm(Arm.Method.PPO, 1, List.of())), Toy.REWARD, Optional.empty()))
                .contains("No trial has been made yet.");
    }

    @Test
    void theReplayPageSaysWhoBeatsWhom() {
        List<FitnessTable.Row> rows = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 16; j++) {
                Tokens tokens = new Tokens(List.of(i, j % 4, j / 4, i, (i + j) % 4, 3 - i));
                rows.add(new FitnessTable.Row(tokens, Toy.accuracy(tokens)));
            }
        }
        SearchConfig config = Toy.config(16, Toy.REWARD).withSeeds(List.of(1L, 2L, 3L));
        ReplayResult result = new ReplayStudy(config, new Toy.Space(), new FitnessTable(rows))
                .run(new StopRequest(), SearchWatch.none());
        String html = new ReplayPage("toy", Toy.REWARD, result).page().html();
        ReplayResult.Difference difference = result.differences().get(0);
        assertThat(html)
                .contains("After 16 trials and over 3 seeds PPO ")
                .contains("%+.4f \u00b1 %.4f"
                        .formatted(difference.best().mean(), difference.best().halfWidth()))
                .contains("PPO less random search", "fitted to 64 trained candidates", "multiply-adds");
    }
}
