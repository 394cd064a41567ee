package org.generalvision.train;

import java.util.SortedMap;

/** Who watches a run: a bar on a terminal, plain lines in a log. Called by the loop, on its thread. */
public interface Progress {
    /**
     * The run starts.
     *
     * @param firstStep steps already done, above 0 when the run is continued
     * @param steps of the whole run
     */
    void begin(long firstStep, long steps);

    /** A step is done. */
    void step(Report report);

    /** Something else of interest happened: a checkpoint, an evaluation. */
    void note(String message);

    /** The run ends, well or not. */
    void end();

    /**
     * How the run is doing. Rates are means over the last seconds.
     *
     * @param step steps done
     * @param steps of the whole run
     * @param imagesPerSecond samples trained per second of wall clock
     * @param dataWait share of the wall clock spent waiting for batches, 0 to 1
     * @param secondsLeft estimate to the end of the run
     * @param residentBytes memory of the process, 0 where the system does not tell
     * @param metrics of this step
     */
    record Report(
            long step,
            long steps,
            double imagesPerSecond,
            double dataWait,
            double secondsLeft,
            long residentBytes,
            SortedMap<String, Double> metrics) {}

    /** Nobody watches. */
    static Progress none() {
        return new Progress() {
            @Override
            public void begin(long firstStep, long steps) {}

            @Override
            public void step(Report report) {}

            @Override
            public void note(String message) {}

            @Override
            public void end() {}
        };
    }
}
