package org.generalvision.metanet;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * The networks around a base network: its stem, first stage, strides and head stay, and each further stage chooses its
 * down-sampling module, operator, expansion, repeats and channels (UniNet, arXiv 2207.05420, has five such stages). A point is
 * a list of tokens: the number of the choice at each of {@link #positions}.
 *
 * <p>The paper states multipliers and changes against EfficientNet, whose seven stages it does not map to its own; they are
 * taken against {@code base} here, for which UniNet-B0 stands in. So that every point can be built, channels are rounded to
 * multiples of 8, repeats below 1 are no choice, and heads are as wide as {@code headWidth} only where that divides the
 * channels: these are our choices.
 *
 * @param base the network whose channels are multiplied and whose repeats are changed
 * @param operators that a stage may have
 * @param expansions that a stage may have
 * @param channelMultipliers factors for the base's channels
 * @param repeatChanges what may be added to the base's repeats
 * @param downsamplings that may lead to a stage
 * @param headWidth least channels of an attention head, where the stage has as many
 * @param window side of windows in places
 */
public record SearchSpace(
        Architecture base,
        List<Operator> operators,
        List<Integer> expansions,
        List<Double> channelMultipliers,
        List<Integer> repeatChanges,
        List<Downsampling> downsamplings,
        int headWidth,
        int window) {
    private static final int CHANNEL_UNIT = 8;
    private static final int MAX_CHANGE = 100;

    private static final List<Integer> PUBLISHED_EXPANSIONS = List.of(2, 3, 4, 5, 6);
    private static final List<Double> PUBLISHED_MULTIPLIERS = List.of(0.5, 0.75, 1.0, 1.25, 1.5);
    private static final List<Integer> PUBLISHED_CHANGES = List.of(-2, -1, 0, 1, 2);

    private static final Architecture UNINET_B0 =
            Architecture.parse("stem_c32 mbconv_e1_s1_r1_c24 l-dsm+mbconv_e4_s2_r2_c48 l-dsm+mbconv_e6_s2_r4_c80"
                    + " l-dsm+mbconv_e3_s2_r4_c128 lg-dsm+sa_e2_s1_r4_c128_h32 lg-dsm+sa_e5_s2_r8_c256_h32 head_c1280");

    /** For pictures of 48 to 64 px on a CPU: widths and repeats at which a candidate learns something in seconds. */
    private static final Architecture DESK_BASE =
            Architecture.parse("stem_c16 fused-mbconv_e1_s1_r1_c16 fused-mbconv_e2_s2_r1_c24 fused-mbconv_e2_s2_r2_c40"
                    + " mbconv_e3_s2_r2_c64 sa_e2_s1_r2_c64_h16 sa_e2_s2_r2_c96_h16 head_c256");

    /** The published space around UniNet-B0. */
    public static final SearchSpace UNINET = new SearchSpace(
            UNINET_B0,
            List.of(Operator.SA, Operator.LSA, Operator.CONV, Operator.MBCONV, Operator.MLP),
            PUBLISHED_EXPANSIONS,
            PUBLISHED_MULTIPLIERS,
            PUBLISHED_CHANGES,
            List.of(Downsampling.L_DSM, Downsampling.LG_DSM, Downsampling.G_DSM),
            32,
            7);

    /** The same with the operators and the change of shape inside of a block that MetaNet adds. */
    public static final SearchSpace METANET = new SearchSpace(
            UNINET_B0,
            List.of(Operator.values()),
            PUBLISHED_EXPANSIONS,
            PUBLISHED_MULTIPLIERS,
            PUBLISHED_CHANGES,
            List.of(Downsampling.values()),
            32,
            7);

    /** Everything that can be chosen, around a small base with fewer changes of depth: for trials of seconds on a CPU. */
    public static final SearchSpace DESK = new SearchSpace(
            DESK_BASE,
            List.of(Operator.values()),
            PUBLISHED_EXPANSIONS,
            PUBLISHED_MULTIPLIERS,
            List.of(-1, 0, 1),
            List.of(Downsampling.values()),
            16,
            4);

    /**
     * One decision.
     *
     * @param stage number of the stage, as in {@code stages.1}
     * @param property what is chosen: downsampling, operator, expansion, repeats or channels
     * @param choices as they are written in a line
     */
    public record Position(int stage, String property, List<String> choices) {}

    public SearchSpace {
        operators = List.copyOf(operators);
        expansions = List.copyOf(expansions);
        channelMultipliers = List.copyOf(channelMultipliers);
        repeatChanges = List.copyOf(repeatChanges);
        downsamplings = List.copyOf(downsamplings);
        if (base.stages().size() < 2) {
            throw new IllegalArgumentException("base needs a first stage, which stays, and stages to search: " + base);
        }
        requireChoices("operators", operators);
        requireChoices("expansions", expansions);
        requireChoices("channelMultipliers", channelMultipliers);
        requireChoices("repeatChanges", repeatChanges);
        requireChoices("downsamplings", downsamplings);
        expansions.forEach(e -> Architecture.requireBetween("expansions", e, 1, 64));
        repeatChanges.forEach(c -> Architecture.requireBetween("repeatChanges", c, -MAX_CHANGE, MAX_CHANGE));
        for (double multiplier : channelMultipliers) {
            if (!(multiplier > 0 && multiplier <= 16)) {
                throw new IllegalArgumentException("channelMultipliers must be above 0 and at most 16: " + multiplier);
            }
        }
        Architecture.requireBetween("headWidth", headWidth, 1, Stage.MAX_CHANNELS);
        Architecture.requireBetween("window", window, 1, 64);
        for (int i = 1; i < base.stages().size(); i++) {
            if (repeatChoices(base.stages().get(i), repeatChanges).isEmpty()) {
                throw new IllegalArgumentException(
                        "repeatChanges leave no repeats of at least 1 in stage %d, whose base has %d"
                                .formatted(i, base.stages().get(i).repeats()));
            }
        }
    }

    private static void requireChoices(String name, List<?> choices) {
        if (choices.isEmpty() || new HashSet<>(choices).size() < choices.size()) {
            throw new IllegalArgumentException(name + " must hold at least one choice, each once: " + choices);
        }
    }

    /** The decisions, stage by stage. */
    public List<Position> positions() {
        List<Position> positions = new ArrayList<>();
        for (int i = 1; i < base.stages().size(); i++) {
            Stage stage = base.stages().get(i);
            positions.add(new Position(
                    i,
                    "downsampling",
                    downsamplings.stream().map(Downsampling::text).toList()));
            positions.add(new Position(
                    i, "operator", operators.stream().map(Operator::text).toList()));
            positions.add(new Position(i, "expansion", texts(expansions)));
            positions.add(new Position(i, "repeats", texts(repeatChoices(stage, repeatChanges))));
            positions.add(new Position(i, "channels", texts(channelChoices(stage))));
        }
        return positions;
    }

    private static List<String> texts(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).toList();
    }

    private static List<Integer> repeatChoices(Stage stage, List<Integer> changes) {
        return changes.stream()
                .map(change -> stage.repeats() + change)
                .filter(repeats -> repeats >= 1)
                .toList();
    }

    private List<Integer> channelChoices(Stage stage) {
        return channelMultipliers.stream()
                .map(multiplier -> Math.max(1, Math.round(stage.channels() * multiplier / CHANNEL_UNIT)))
                .map(units -> Math.toIntExact(units * CHANNEL_UNIT))
                .distinct()
                .toList();
    }

    /** Number of points. */
    public BigInteger size() {
        return positions().stream()
                .map(position -> BigInteger.valueOf(position.choices().size()))
                .reduce(BigInteger.ONE, BigInteger::multiply);
    }

    /**
     * The network of a point.
     *
     * @param tokens the number of the choice, from 0, at each of {@link #positions}
     */
    public Architecture decode(List<Integer> tokens) {
        int perStage = 5;
        int searched = base.stages().size() - 1;
        if (tokens.size() != perStage * searched) {
            throw new IllegalArgumentException(
                    "A point of this space has %d tokens, not %d".formatted(perStage * searched, tokens.size()));
        }
        List<Stage> stages = new ArrayList<>(base.stages().subList(0, 1));
        for (int i = 1; i <= searched; i++) {
            List<Integer> own = tokens.subList(perStage * (i - 1), perStage * i);
            Stage old = base.stages().get(i);
            int in = stages.get(i - 1).channels();
            stages.add(stage(
                    in,
                    old.stride(),
                    chosen(downsamplings, own.get(0), i, "downsampling"),
                    chosen(operators, own.get(1), i, "operator"),
                    chosen(expansions, own.get(2), i, "expansion"),
                    chosen(repeatChoices(old, repeatChanges), own.get(3), i, "repeats"),
                    chosen(channelChoices(old), own.get(4), i, "channels")));
        }
        return new Architecture(base.stem(), stages, base.featureWidth(), base.dropPath());
    }

    private static <T> T chosen(List<T> choices, int token, int stage, String property) {
        if (token < 0 || token >= choices.size()) {
            throw new IllegalArgumentException("The token for %s in stage %d must be in [0, %d): %d"
                    .formatted(property, stage, choices.size(), token));
        }
        return choices.get(token);
    }

    private Stage stage(
            int in,
            int stride,
            Downsampling downsampling,
            Operator operator,
            int expansion,
            int repeats,
            int channels) {
        boolean attends = operator.hasHeads() || downsampling.hasHeads();
        int split = downsampling == Downsampling.IN_BLOCK ? commonDivisor(in, channels) : channels;
        return new Stage(
                downsampling,
                operator,
                expansion,
                stride,
                repeats,
                channels,
                attends ? leastDivisor(split, headWidth) : 0,
                operator.hasWindow() ? window : 0);
    }

    private static int commonDivisor(int a, int b) {
        return BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).intValueExact();
    }

    /** The least divisor of a number that is not below a bound, or the number itself if it is below it. */
    private static int leastDivisor(int number, int bound) {
        for (int divisor = bound; divisor < number; divisor++) {
            if (number % divisor == 0) {
                return divisor;
            }
        }
        return number;
    }

    /**
     * The tokens of a network of this space.
     *
     * @throws IllegalArgumentException if it is none, naming what it has and the space has not
     */
    public List<Integer> encode(Architecture architecture) {
        List<Integer> tokens = new ArrayList<>();
        if (architecture.stages().size() == base.stages().size()) {
            for (Position position : positions()) {
                String value = property(architecture.stages().get(position.stage()), position.property());
                int token = position.choices().indexOf(value);
                if (token < 0) {
                    throw new IllegalArgumentException("stage %d of '%s' has the %s %s, but this space knows only: %s"
                            .formatted(
                                    position.stage(),
                                    architecture,
                                    position.property(),
                                    value,
                                    String.join(", ", position.choices())));
                }
                tokens.add(token);
            }
        }
        if (tokens.isEmpty() || !decode(tokens).equals(architecture)) {
            throw new IllegalArgumentException("'%s' differs from this space in what is not searched; the base is '%s'"
                    .formatted(architecture, base));
        }
        return List.copyOf(tokens);
    }

    private static String property(Stage stage, String property) {
        return switch (property) {
            case "downsampling" -> stage.downsampling().text();
            case "operator" -> stage.operator().text();
            case "expansion" -> Integer.toString(stage.expansion());
            case "repeats" -> Integer.toString(stage.repeats());
            case "channels" -> Integer.toString(stage.channels());
            default -> throw new IllegalStateException("A stage has no " + property);
        };
    }
}
