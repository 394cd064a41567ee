package org.generalvision.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.generalvision.nn.Pass;
import org.generalvision.train.ComputeDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policy, its draws, and what is made of them for learning. */
class ControllerTest {
    private final TokenSpace space = new Toy.Space();
    private final Vocabulary vocabulary = new Vocabulary(space);
    private NDManager manager;
    private Controller controller;

    @TempDir
    Path folder;

    @BeforeEach
    void open() {
        manager = ComputeDevice.open("cpu");
        JniUtils.setGradMode(false);
        JniUtils.setSeed(3);
        controller = new Controller(new ControllerConfig(16, 2, 2), vocabulary);
        controller.initialize(manager, DataType.FLOAT32);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Moves the heads, which start at 0, to an uneven policy. */
    private void disturb() {
        for (String path : List.of("policy.weight", "policy.bias", "value.weight")) {
            Parameter parameter = Objects.requireNonNull(controller.parameters().get(path));
            NDArray noise = manager.randomNormal(0f, 0.5f, parameter.getShape(), DataType.FLOAT32);
            parameter.getArray().addi(noise);
        }
    }

    private ControllerDraws draws(Reward reward) {
        Costs costs = new Costs(space, reward, new LatencyTable(folder.resolve("latency.jsonl"), t -> 1));
        return new ControllerDraws(controller, vocabulary, costs, 5);
    }

    private Controller.Judgement judge(List<Tokens> candidates) {
        int length = vocabulary.positions();
        long[] before = new long[candidates.size() * length];
        long[] chosen = new long[candidates.size() * length];
        for (int b = 0; b < candidates.size(); b++) {
            PpoRound.fill(candidates.get(b), vocabulary, b * length, before, chosen);
        }
        Shape shape = new Shape(candidates.size(), length);
        return controller.judge(manager.create(before, shape), manager.create(chosen, shape), Pass.evaluation());
    }

    @Test
    void probabilitiesOfAPositionsChoicesSumToOneAndOthersAreImpossible() {
        disturb();
        long[] before = new long[vocabulary.positions()];
        PpoRound.fill(Toy.BEST, vocabulary, 0, before, new long[before.length]);
        float[] log = controller
                .forward(manager.create(before, new Shape(1, before.length)), Pass.evaluation())
                .toFloatArray();
        for (int t = 0; t < vocabulary.positions(); t++) {
            double own = 0;
            double all = 0;
            for (int v = 0; v < vocabulary.size(); v++) {
                double p = Math.exp(log[t * vocabulary.size() + v]);
                all += p;
                own += v >= vocabulary.first(t) && v < vocabulary.first(t) + vocabulary.count(t) ? p : 0;
            }
            assertThat(own).isCloseTo(1, within(1e-5));
            assertThat(all).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void startsWithEvenChoicesOfLargestEntropy() {
        Controller.Judgement judgement = judge(List.of(Toy.BEST));
        for (float log : judgement.logProbability_BT().toFloatArray()) {
            assertThat(log).isCloseTo((float) -Math.log(Toy.CHOICES), within(1e-5f));
        }
        assertThat((double) judgement.entropy_BT().sum().getFloat())
                .isCloseTo(vocabulary.largestEntropy(), within(1e-4));
    }

    @Test
    void entropyIsThatOfTheDefinition() {
        disturb();
        long[] before = new long[vocabulary.positions()];
        PpoRound.fill(Toy.BEST, vocabulary, 0, before, new long[before.length]);
        float[] log = controller
                .forward(manager.create(before, new Shape(1, before.length)), Pass.evaluation())
                .toFloatArray();
        float[] entropy = judge(List.of(Toy.BEST)).entropy_BT().toFloatArray();
        for (int t = 0; t < vocabulary.positions(); t++) {
            double expected = 0;
            for (int c = 0; c < vocabulary.count(t); c++) {
                double l = log[t * vocabulary.size() + vocabulary.first(t) + c];
                expected -= Math.exp(l) * l;
            }
            assertThat((double) entropy[t]).isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void aChoiceIsJudgedByThoseBeforeItAlone() {
        disturb();
        float[] one = judge(List.of(new Tokens(List.of(0, 1, 2, 3, 0, 1))))
                .logProbability_BT()
                .toFloatArray();
        float[] other = judge(List.of(new Tokens(List.of(0, 1, 2, 0, 2, 2))))
                .logProbability_BT()
                .toFloatArray();
        for (int t = 0; t < 3; t++) {
            assertThat(one[t]).isEqualTo(other[t]);
        }
        assertThat(one[4]).isNotEqualTo(other[4]);
    }

    @Test
    void whatIsDrawnHasTheProbabilityThatIsSaid() {
        disturb();
        List<Proposal> proposals = draws(Toy.REWARD).draw(0, 16, manager);
        float[] log = judge(proposals.stream().map(Proposal::tokens).toList())
                .logProbability_BT()
                .sum(new int[] {1})
                .toFloatArray();
        for (int b = 0; b < 16; b++) {
            assertThat(proposals.get(b).logProbability()).isCloseTo(log[b], within(1e-4));
        }
    }

    @Test
    void drawsFollowTheProbabilities() {
        disturb();
        double expected = Math.exp(judge(List.of(Toy.BEST)).logProbability_BT().toFloatArray()[0]);
        List<Proposal> proposals = draws(Toy.REWARD).draw(0, 2000, manager);
        double share = proposals.stream().filter(p -> p.tokens().at(0) == 3).count() / 2000.0;
        assertThat(share).isCloseTo(expected, within(4 * Math.sqrt(expected * (1 - expected) / 2000)));
    }

    @Test
    void theDrawOfATrialDoesNotDependOnThoseBesideIt() {
        disturb();
        List<Proposal> together = draws(Toy.REWARD).draw(0, 8, manager);
        List<Proposal> alone = draws(Toy.REWARD).draw(5, 1, manager);
        assertThat(alone.get(0).tokens()).isEqualTo(together.get(5).tokens());
    }

    @Test
    void theLimitIsKeptByDrawingAgain() {
        Reward limited = new Reward(Reward.Kind.MACS, 20, -0.07, 16.0);
        List<Proposal> proposals = draws(limited).draw(0, 50, manager);
        assertThat(proposals).allMatch(p -> space.size(p.tokens()).macs() <= 16);
    }

    /** Mean over draws of one policy, weighted, is the mean over draws of another: exactly, summed over the whole space. */
    @Test
    void uncutReplayWeightsTurnTheMeanOfOnePolicyIntoThatOfAnother() {
        List<Tokens> all = new ArrayList<>();
        for (int code = 0; code < 4096; code++) {
            List<Integer> choices = new ArrayList<>();
            for (int t = 0, rest = code; t < Toy.POSITIONS; t++, rest /= Toy.CHOICES) {
                choices.add(rest % Toy.CHOICES);
            }
            all.add(new Tokens(choices));
        }
        float[] then = judge(all).logProbability_BT().sum(new int[] {1}).toFloatArray();
        disturb();
        float[] now = judge(all).logProbability_BT().sum(new int[] {1}).toFloatArray();
        PpoConfig.Replay replay = new PpoConfig.Replay(1, 1e9);
        PpoConfig.Replay cut = new PpoConfig.Replay(1, 1.5);
        double corrected = 0;
        double expected = 0;
        double cutOff = 0;
        for (int i = 0; i < all.size(); i++) {
            double value = Toy.accuracy(all.get(i));
            corrected += Math.exp(then[i]) * replay.weight(now[i], then[i]) * value;
            expected += Math.exp(now[i]) * value;
            cutOff = Math.max(cutOff, cut.weight(now[i], then[i]));
        }
        assertThat(corrected).isCloseTo(expected, within(1e-4));
        assertThat(cutOff).isEqualTo(1.5);
    }

    @Test
    void aRoundHasNormalizedAdvantagesAndCorrectedWeights() {
        List<Trial> history = new ArrayList<>();
        for (Proposal proposal : draws(Toy.REWARD).draw(0, 12, manager)) {
            history.add(trial(history.size(), proposal));
        }
        disturb();
        for (Proposal proposal : draws(Toy.REWARD).draw(12, 6, manager)) {
            history.add(trial(history.size(), proposal));
        }
        PpoConfig config = Toy.ppo(6, new PpoConfig.Replay(4, 2));
        PpoRound round = PpoRound.of(controller, vocabulary, config, history, 12, manager);
        assertThat(round.trials()).containsExactly(8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L);
        double sum = 0;
        double squares = 0;
        for (float a : round.advantage()) {
            sum += a;
            squares += a * a;
        }
        assertThat(sum / round.advantage().length).isCloseTo(0, within(1e-5));
        assertThat(squares / round.advantage().length).isCloseTo(1, within(1e-4));
        for (int b = 0; b < 10; b++) {
            double now = 0;
            for (int t = 0; t < Toy.POSITIONS; t++) {
                now += round.logProbability()[b * Toy.POSITIONS + t];
            }
            double then = Objects.requireNonNull(history.get(8 + b).logProbability());
            double expected = b < 4 ? Math.min(2, Math.exp(now - then)) : 1;
            assertThat((double) round.weight()[b]).isCloseTo(expected, within(1e-5));
        }
        double mean = history.stream().mapToDouble(Trial::reward).average().orElseThrow();
        double deviation = Math.sqrt(history.stream()
                .mapToDouble(t -> Math.pow(t.reward() - mean, 2))
                .average()
                .orElseThrow());
        assertThat((double) round.returns()[9]).isCloseTo((history.get(17).reward() - mean) / deviation, within(1e-4));
    }

    private Trial trial(int number, Proposal proposal) {
        double accuracy = Toy.accuracy(proposal.tokens());
        return new Trial(
                number,
                proposal.tokens(),
                "",
                7,
                accuracy,
                accuracy,
                1,
                1,
                null,
                proposal.logProbability(),
                null,
                List.of(),
                new Trial.Time(0, 0, 0, false));
    }
}
