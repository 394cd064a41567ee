package org.generalvision.search;

import com.google.common.base.Splitter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.train.StopRequest;
import org.jspecify.annotations.Nullable;

/** A space without networks: the accuracy is a known function with an interaction, and the cost a sum. */
final class Toy {
    static final int POSITIONS = 6;
    static final int CHOICES = 4;

    private Toy() {}

    /** Six positions of four choices; a choice costs its number. */
    record Space() implements TokenSpace {
        @Override
        public List<Position> positions() {
            List<String> names =
                    IntStream.range(0, CHOICES).mapToObj(c -> "c" + c).toList();
            List<Position> positions = new ArrayList<>();
            for (int i = 0; i < POSITIONS; i++) {
                positions.add(new Position(1 + i / 2, i % 2 == 0 ? "operator" : "width", names));
            }
            return positions;
        }

        @Override
        public String describe(Tokens tokens) {
            return "toy " + tokens;
        }

        @Override
        public Tokens parse(String line) {
            return new Tokens(Splitter.on('-')
                    .splitToStream(line.substring("toy ".length()))
                    .map(Integer::valueOf)
                    .toList());
        }

        @Override
        public Size size(Tokens tokens) {
            int sum = tokens.choices().stream().mapToInt(Integer::intValue).sum();
            return new Size(100 + sum, 10 + sum);
        }
    }

    /** The best candidate: 3 at every position. */
    static final Tokens BEST = new Tokens(List.of(3, 3, 3, 3, 3, 3));

    /** 0.95 at the best point; pairs of neighbors that are both right earn more than two single ones. */
    static double accuracy(Tokens tokens) {
        double value = 0.2;
        for (int i = 0; i < POSITIONS; i++) {
            value += tokens.at(i) * 0.025;
            value += i % 2 == 1 && tokens.at(i) == 3 && tokens.at(i - 1) == 3 ? 0.1 : 0;
        }
        return value;
    }

    /** Answers from the function, after a while if wanted. */
    record Table(long millis) implements Evaluator {
        @Override
        public Outcome evaluate(Request request, Path folder, StopRequest stop) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (request.tokens().at(0) == 1 && request.tokens().at(1) == 1) {
                return Outcome.failed("Step 3: {loss=NaN}", List.of(), new Outcome.Time(millis / 1e3, 0.001));
            }
            double accuracy = accuracy(request.tokens());
            return Outcome.of(
                    List.of(new Outcome.Point(1, accuracy / 2), new Outcome.Point(2, accuracy)),
                    new Outcome.Time(millis / 1e3, 0.001));
        }

        @Override
        public String settings(Effort effort) {
            return "table " + effort;
        }

        @Override
        public long seed() {
            return 7;
        }

        @Override
        public double latencyMillis(Tokens tokens) {
            return 1 + tokens.at(0);
        }
    }

    static final Reward REWARD = new Reward(Reward.Kind.MACS, 20, -0.07, null);

    static PpoConfig ppo(int round, PpoConfig.@Nullable Replay replay) {
        return new PpoConfig(round, 6, 0.2, 0.5, 0.1, 0, 3e-3, 1, new ControllerConfig(32, 2, 1), replay);
    }

    static SearchConfig config(int trials, Reward reward) {
        return new SearchConfig(
                trials, List.of(1L), reward, ppo(8, new PpoConfig.Replay(16, 2)), new EvolutionConfig(12, 4, 2), 6, 2);
    }

    static Search search(Path directory, SearchConfig config, Evaluator evaluator) {
        return new Search(
                config,
                new Space(),
                evaluator,
                new Search.Place(directory, "name: toy\n", new StopRequest(), SearchWatch.none()));
    }
}
