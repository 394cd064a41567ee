package org.generalvision.train;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * The figures of a run: {@code metrics.jsonl} holds what the training computes and no wall-clock time, so that two runs can
 * be compared byte by byte; {@code timing.jsonl} holds how fast it went; the TensorBoard file holds both.
 */
public final class MetricLog implements AutoCloseable {
    static final String METRICS = "metrics.jsonl";
    static final String TIMING = "timing.jsonl";
    private static final String EVENTS = "events.out.tfevents.0.general-vision";

    private final JsonLines metrics;
    private final JsonLines timing;
    private final EventFile events;
    private final Clock clock;

    /**
     * Opens the files of a run directory and cuts them back.
     *
     * @param lastStep the last step whose figures stay: that of the checkpoint which the run continues, or 0
     */
    public MetricLog(Path folder, long lastStep) {
        clock = Clock.systemUTC();
        metrics = new JsonLines(folder.resolve(METRICS), lastStep);
        timing = new JsonLines(folder.resolve(TIMING), lastStep);
        events = new EventFile(folder.resolve(EVENTS), lastStep, now());
    }

    /**
     * Notes what was computed.
     *
     * @param step optimizer steps done so far
     */
    public void metrics(long step, Map<String, Double> values) {
        if (values.isEmpty()) {
            return;
        }
        metrics.append(step, values);
        events.append(step, now(), values);
    }

    /** Notes how fast it went. */
    public void timing(long step, Map<String, Double> values) {
        timing.append(step, values);
        events.append(step, now(), values);
    }

    /** Called before a checkpoint is written, so that no checkpoint is newer than its metrics. */
    public void sync() {
        metrics.sync();
    }

    private double now() {
        return clock.millis() / 1000.0;
    }

    @Override
    public void close() {
        metrics.close();
        timing.close();
        events.close();
    }
}
