package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One walk through a network: whether it trains, in which precision, and what is noted down on the way.
 *
 * <p>Random layers (dropout, drop path) draw from the engine's generator, which the training step seeds from (seed,
 * step), so a pass itself carries no random state.
 */
public final class Pass {
    private final boolean training;
    private final boolean rehearsing;
    private final Precision precision;
    private final @Nullable Map<String, NDArray> taps;
    private final @Nullable Tally tally;
    private final @Nullable StageEnd stageEnd;
    private final @Nullable NormStatistics statistics;

    private Pass(
            boolean training,
            boolean rehearsing,
            Precision precision,
            @Nullable Map<String, NDArray> taps,
            @Nullable Tally tally,
            @Nullable StageEnd stageEnd,
            @Nullable NormStatistics statistics) {
        this.training = training;
        this.rehearsing = rehearsing;
        this.precision = precision;
        this.taps = taps;
        this.tally = tally;
        this.stageEnd = stageEnd;
        this.statistics = statistics;
    }

    /** What is done where a stage of a network ends. */
    @FunctionalInterface
    public interface StageEnd {
        /**
         * Takes the result of a stage.
         *
         * @return what the next stage starts from: an array with the same values
         */
        NDArray reached(String name, NDArray result);
    }

    /** A training pass: batch statistics are used and updated, random layers draw. */
    public static Pass training(Precision precision) {
        return new Pass(true, false, precision, null, null, null, null);
    }

    /** The same pass, but running statistics stay as they are, since the same walk is made again. */
    public Pass rehearsing() {
        return new Pass(training, true, precision, taps, tally, stageEnd, statistics);
    }

    /** An evaluation pass in the parameters' own type. */
    public static Pass evaluation() {
        return evaluation(Precision.FLOAT32);
    }

    /** An evaluation pass. */
    public static Pass evaluation(Precision precision) {
        return new Pass(false, false, precision, null, null, null, null);
    }

    /** An evaluation pass over arrays without storage that adds up multiply-adds; see {@link Cost}. */
    static Pass counting(Tally tally) {
        return new Pass(false, false, Precision.FLOAT32, new LinkedHashMap<>(), tally, null, null);
    }

    /** The same pass, noting the intermediates that layers name with {@link #tap}. */
    public Pass withTaps() {
        return new Pass(training, rehearsing, precision, new LinkedHashMap<>(), tally, stageEnd, statistics);
    }

    /** The same pass, which hands the result of each stage to {@code end} and goes on with what that returns. */
    public Pass atStages(StageEnd end) {
        return new Pass(training, rehearsing, precision, taps, tally, end, statistics);
    }

    /** The same pass, in which the norms that have an entry there use and move those statistics. */
    public Pass withStatistics(NormStatistics other) {
        return new Pass(training, rehearsing, precision, taps, tally, stageEnd, other);
    }

    public boolean training() {
        return training;
    }

    /** Whether running statistics move. */
    boolean movesStatistics() {
        return training && !rehearsing;
    }

    public boolean mixed() {
        return precision == Precision.MIXED;
    }

    public Precision precision() {
        return precision;
    }

    /** Whether intermediates are noted, so that one which is made for a tap alone is worth making. */
    public boolean tapping() {
        return taps != null;
    }

    /** Names an intermediate and returns it; read by feature pyramids, distillation and tests. */
    public NDArray tap(String name, NDArray x) {
        if (taps != null) {
            taps.put(name, x);
        }
        return x;
    }

    /**
     * Names the result of a stage: a tap that also ends a stage of the network's {@link Cost}. The network goes on with what
     * this returns.
     */
    public NDArray stage(String name, NDArray x) {
        if (tally != null) {
            tally.mark(name, x.getShape());
        }
        return tap(name, stageEnd == null ? x : stageEnd.reached(name, x));
    }

    /** Called by a layer that owns parameters, outside of this package: they count for the present stage of a cost. */
    public void visit(Layer layer) {
        if (tally != null) {
            tally.visit(layer);
        }
    }

    /** The intermediates noted so far, in the order of the walk; empty unless made by {@link #withTaps}. */
    public Map<String, NDArray> taps() {
        return taps == null ? Map.of() : taps;
    }

    /** The statistics that this pass has for a norm, or null for the norm's own. */
    NormStatistics.@Nullable Entry statistics(BatchNorm norm) {
        return statistics == null ? null : statistics.of(norm);
    }

    /** The count of a counting pass, or null in an ordinary one. */
    @Nullable
    Tally tally() {
        return tally;
    }
}
