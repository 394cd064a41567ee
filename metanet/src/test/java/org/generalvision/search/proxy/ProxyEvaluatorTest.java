package org.generalvision.search.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.Resources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.recipe.Recipe;
import org.generalvision.search.Evaluator;
import org.generalvision.search.Outcome;
import org.generalvision.search.TokenSpace;
import org.generalvision.search.Tokens;
import org.generalvision.train.StopRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Candidates trained for a few steps on a few pictures. */
class ProxyEvaluatorTest {
    @TempDir
    static Path cache;

    @TempDir
    Path folder;

    private ProxyEvaluator evaluator;
    private Tokens candidate;

    private static SearchRecipe recipe(String... overrides) {
        try {
            String text = Resources.toString(Resources.getResource("search/toy.yaml"), StandardCharsets.UTF_8);
            return Recipe.of("toy", "toy.yaml", text).with(List.of(overrides)).as(SearchRecipe.class);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ProxyEvaluator evaluator(String... overrides) {
        SearchRecipe recipe = recipe(overrides);
        return new ProxyEvaluator(recipe.space(), recipe.proxy(), folder, cache);
    }

    @BeforeEach
    void open() {
        evaluator = evaluator();
        candidate = evaluator.space().draw(RandomStream.of(3, 0, 0, "candidate"));
    }

    @AfterEach
    void close() {
        evaluator.close();
    }

    private Outcome evaluate(ProxyEvaluator on, Tokens tokens, Evaluator.Effort effort, String name) {
        return on.evaluate(new Evaluator.Request(tokens, on.seed(), effort), folder.resolve(name), new StopRequest());
    }

    @Test
    void aCandidateIsJudgedAlikeEachTimeAndAlsoAfterOthers() {
        Outcome first = evaluate(evaluator, candidate, Evaluator.Effort.PROXY, "a");
        assertThat(first.failure()).isNull();
        assertThat(first.curve()).extracting(Outcome.Point::step).containsExactly(2L, 4L);
        evaluate(evaluator, candidate.with(1, (candidate.at(1) + 1) % 3), Evaluator.Effort.PROXY, "b");
        Outcome again = evaluate(evaluator, candidate, Evaluator.Effort.PROXY, "c");
        assertThat(again.curve()).isEqualTo(first.curve());
        try (ProxyEvaluator other = evaluator()) {
            assertThat(evaluate(other, candidate, Evaluator.Effort.PROXY, "d").curve())
                    .isEqualTo(first.curve());
        }
    }

    @Test
    void trainingLearns() {
        try (ProxyEvaluator longer = evaluator("proxy.longerSteps=120", "proxy.train.where.0.to=0.1")) {
            Outcome outcome = evaluate(longer, candidate, Evaluator.Effort.LONGER, "longer");
            assertThat(outcome.curve()).hasSize(60);
            assertThat(outcome.accuracy()).isGreaterThan(0.25); // ten classes: chance is 0.1
        }
    }

    @Test
    void costsAreThoseOfTheNetworkAndNeedNoPictures() {
        SearchRecipe recipe = recipe();
        TokenSpace counted = ProxyEvaluator.space(recipe.space(), recipe.proxy(), cache);
        assertThat(counted).isEqualTo(evaluator.space());
        assertThat(evaluator.space().classes()).isEqualTo(10);
        assertThat(counted.size(candidate).parameters())
                .isEqualTo(evaluator.space().build(candidate).parameters().entrySet().stream()
                        .filter(entry -> !org.generalvision.nn.Layer.isBuffer(entry.getValue()))
                        .mapToLong(entry -> entry.getValue().getShape().size())
                        .sum());
        RandomGenerator random = RandomStream.of(4, 0, 0, "lines");
        for (int i = 0; i < 50; i++) {
            Tokens tokens = counted.draw(random);
            assertThat(counted.parse(counted.describe(tokens))).isEqualTo(tokens);
        }
    }

    @Test
    void aLatencyIsMeasuredInMilliseconds() {
        assertThat(evaluator.latencyMillis(candidate)).isPositive().isLessThan(10_000);
    }

    @Test
    void whoStopsGetsNoResult() {
        StopRequest stop = new StopRequest();
        stop.request();
        assertThatThrownBy(() -> evaluator.evaluate(
                        new Evaluator.Request(candidate, 1, Evaluator.Effort.PROXY), folder.resolve("stopped"), stop))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void theSettingsTellDataAndEffortsApart() {
        String settings = evaluator.settings(Evaluator.Effort.PROXY);
        assertThat(evaluator.settings(Evaluator.Effort.LONGER)).isNotEqualTo(settings);
        try (ProxyEvaluator other = evaluator("proxy.train.where.0.to=0.02")) {
            assertThat(other.settings(Evaluator.Effort.PROXY)).isNotEqualTo(settings);
        }
    }

    @Test
    void oneClassOrUnequalViewsAreRefused() {
        assertThatThrownBy(() -> recipe("proxy.trainView.crop.size=12"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be squares of one size");
        assertThatThrownBy(() -> recipe("proxy.longerSteps=3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("longerSteps must be at least training.steps");
    }
}
