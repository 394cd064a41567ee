package org.generalvision.train;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.BatchSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training loop, the only one: every stage runs through it and differs by its {@link Objective}. It steps, logs,
 * evaluates and saves, in the order in which they are read below; what a step is stands in {@link TrainStep}.
 */
public final class TrainLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TrainLoop.class);

    private final TrainConfig config;
    private final List<Objective> objectives;
    private final BatchSource source;
    private final RunDirectory run;
    private final Evaluation evaluation;
    private final Progress progress;

    /**
     * A loop over initialized objectives.
     *
     * @param objectives usually one; several train disjoint parameters, one after another on the same batches
     */
    public TrainLoop(
            TrainConfig config,
            List<Objective> objectives,
            BatchSource source,
            RunDirectory run,
            Evaluation evaluation,
            Progress progress) {
        this.config = config;
        this.objectives = List.copyOf(objectives);
        this.source = source;
        this.run = run;
        this.evaluation = evaluation;
        this.progress = progress;
    }

    /** Trains to the last step and returns its checkpoint. */
    public Checkpoint run() {
        return run(new StopRequest());
    }

    /**
     * Trains until the last step is done or a stop is requested, whichever comes first.
     *
     * @return the checkpoint of the last step done; the run was stopped early if its step is below {@code steps}
     * @throws TrainingDiverged if a loss or a gradient is NaN or infinite
     * @throws IllegalArgumentException if a setting does not fit the objectives or a checkpoint does not fit the model
     */
    public Checkpoint run(StopRequest stop) {
        boolean gradMode = JniUtils.isGradMode();
        JniUtils.setGradMode(false); // only a training step's forward pass builds a graph
        try (NDManager manager = ComputeDevice.open(config.device())) {
            TrainState state = new TrainState(config, objectives, manager);
            CheckpointStore store = new CheckpointStore(run.path(), config.keep());
            Path bundle = run.origin().replay();
            if (bundle != null) {
                return replay(bundle, state, store, manager);
            }
            LOG.info("{} {}", run.path(), run.origin().restore(state, store));
            run.writeRecipe();
            try (MetricLog log = new MetricLog(run.path(), state.step())) {
                stop.watch(true);
                return train(state, store, log, manager, stop);
            }
        } finally {
            stop.watch(false);
            progress.end();
            JniUtils.setGradMode(gradMode);
        }
    }

    private Checkpoint train(
            TrainState state, CheckpointStore store, MetricLog log, NDManager manager, StopRequest stop) {
        source.seek(state.batch());
        progress.begin(state.step(), config.steps());
        Pace pace = new Pace(state.step(), config.steps(), source.waitSeconds(), System::nanoTime);
        while (state.step() < config.steps() && !stop.requested()) {
            Progress.Report report = step(state, manager, pace);
            progress.step(report);
            if (config.due(config.logEvery(), state.step())) {
                log.metrics(state.step(), report.metrics());
                log.timing(state.step(), pace.timing(report));
            }
            if (config.due(config.evaluateEvery(), state.step())) {
                SortedMap<String, Double> metrics = state.evaluate(evaluation);
                log.metrics(state.step(), metrics);
                progress.note("step " + state.step() + ": " + metrics);
            }
            if (config.due(config.saveEvery(), state.step())) {
                save(state, store, log);
            }
        }
        // Stopped between two checkpoints, or nothing was left to do.
        return store.at(state.step()).orElseGet(() -> save(state, store, log));
    }

    private Checkpoint replay(Path bundle, TrainState state, CheckpointStore store, NDManager manager) {
        SortedMap<String, Double> metrics = FailureBundle.replay(bundle, state, manager);
        run.writeRecipe();
        progress.note("the step does not fail this time: " + metrics);
        try (MetricLog log = new MetricLog(run.path(), 0)) {
            log.metrics(state.step(), metrics);
            return save(state, store, log);
        }
    }

    /** Takes the batches of one step, trains on them, and gives all native memory of the step back. */
    private Progress.Report step(TrainState state, NDManager manager, Pace pace) {
        try (NDManager scratch = manager.newSubManager()) {
            List<Batch> batches = new ArrayList<>();
            for (int i = 0; i < config.accumulation(); i++) {
                batches.add(source.next(scratch));
            }
            SortedMap<String, Double> metrics = advance(state, batches);
            int samples = batches.stream().mapToInt(Batch::size).sum();
            return pace.report(state.step(), samples, source.waitSeconds(), metrics);
        }
    }

    private SortedMap<String, Double> advance(TrainState state, List<Batch> batches) {
        try {
            return state.advance(batches);
        } catch (NotFinite e) {
            throw new TrainingDiverged(e, FailureBundle.write(run, state, e, batches));
        }
    }

    private Checkpoint save(TrainState state, CheckpointStore store, MetricLog log) {
        log.sync(); // no checkpoint is newer than its metrics
        Checkpoint checkpoint = store.save(state, run);
        progress.note("saved " + checkpoint.path());
        return checkpoint;
    }
}
