package org.generalvision.train;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Precision;

/** The real training step of an objective with fused AdamW, on the same batches again and again. */
public final class StepUnderTest {
    private final TrainStep step;
    private final List<Batch> batches;
    private long number;

    /**
     * A step.
     *
     * @param manager owner of gradients and optimizer state
     */
    public StepUnderTest(Objective objective, List<Batch> batches, NDManager manager) {
        TrainConfig config = new TrainConfig(
                0,
                Long.MAX_VALUE,
                batches.size(),
                Precision.FLOAT32,
                "cpu",
                new OptimizerConfig.AdamW(
                        1e-4, 0.9, 0.999, 1e-8, List.of(new ParameterGroup(List.of("**"), 1, 0.05))),
                new Schedule.Constant(0),
                1,
                0,
                List.of(),
                Long.MAX_VALUE - 1, // nothing is logged, and so nothing is measured by tasks
                1,
                1,
                TrainConfig.Keep.newest(1));
        step = new TrainStep(config, objective, 0, manager);
        this.batches = List.copyOf(batches);
    }

    /** Makes one. */
    public void run() {
        step.run(number++, batches);
    }
}
