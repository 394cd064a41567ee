package org.generalvision.benchmark.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableLongArray;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinearProbeTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private LabelledFeatures rows(LabelledFeatures from, int start, int end) {
        return from.rows(IntStream.range(start, end).toArray(), manager);
    }

    @Test
    void itTakesTheCandidateWithTheLowestLogLoss() {
        LinearProbe.Result result = new LinearProbe(1).fit(Samples.random(manager, 120, 12, 3, 4));
        LinearProbe.Candidate best = result.sweep().stream()
                .min(Comparator.comparingDouble(LinearProbe.Candidate::logLoss))
                .orElseThrow();
        assertThat(result.model().c()).isEqualTo(best.c());
        assertThat(result.sweep()).hasSizeGreaterThan(3);
        assertThat(result.sweep().stream().map(LinearProbe.Candidate::c).toList())
                .isSorted();
    }

    @Test
    void theChosenWeightIsAboutAsGoodOnOtherRowsAsTheBestOne() {
        LabelledFeatures all = Samples.random(manager, 600, 20, 4, 8);
        LabelledFeatures train = rows(all, 0, 200);
        LabelledFeatures test = rows(all, 200, 600);
        LinearProbe.Result result = new LinearProbe(3).fit(train);
        double chosen = ProbeScores.of(result.predict(test)).logLoss();
        double best = IntStream.rangeClosed(-4, 4)
                .mapToDouble(k -> Math.pow(10, k))
                .map(c -> ProbeScores.of(LogisticRegression.fit(train, c).predict(test))
                        .logLoss())
                .min()
                .orElseThrow();
        assertThat(chosen).isLessThan(best * 1.1);
    }

    @Test
    void theScaleOfFeaturesDoesNotChangePredictions() {
        LabelledFeatures train = Samples.random(manager, 100, 8, 3, 5);
        LabelledFeatures scaled = new LabelledFeatures(train.features().mul(1024f), train.labels());
        double one =
                ProbeScores.of(new LinearProbe(2).fit(train).predict(train)).logLoss();
        double other =
                ProbeScores.of(new LinearProbe(2).fit(scaled).predict(scaled)).logLoss();
        assertThat(other).isCloseTo(one, within(1e-4));
    }

    @Test
    void theSeedAloneDecidesTheValidationPart() {
        LabelledFeatures train = Samples.random(manager, 60, 6, 3, 6);
        List<LinearProbe.Candidate> first = new LinearProbe(1).fit(train).sweep();
        assertThat(new LinearProbe(1).fit(train).sweep()).isEqualTo(first);
        assertThat(new LinearProbe(2).fit(train).sweep()).isNotEqualTo(first);
    }

    @Test
    void oneRowPerClassIsFittedWithoutValidation() {
        LabelledFeatures train = new LabelledFeatures(
                manager.create(new float[] {0, 1, 2, 3, 5, 8}, new Shape(3, 2)), ImmutableLongArray.of(0, 1, 2));
        LinearProbe.Result result = new LinearProbe(0).fit(train);
        assertThat(result.sweep()).isEmpty();
        assertThat(ProbeScores.of(result.predict(train)).accuracy()).isEqualTo(1);
    }
}
