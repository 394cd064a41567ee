package org.generalvision.train;

import org.generalvision.data.load.Batch;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;

/** What one training method adds to the loop: its model and the losses of one batch. */
public interface Objective {
    /** Everything that this method trains; its parameters' paths are those of the checkpoint. */
    Layer model();

    /**
     * The named losses of one batch. Called once per micro-batch inside a training pass; arrays made here belong to the
     * batch's manager, which is closed after the step.
     */
    Losses losses(Batch batch, Pass pass);

    /**
     * The task that a batch belongs to, if batches belong to different ones: the gradients of each are then measured on their own
     * and against each other, in the steps that are logged. Empty if there is but one.
     */
    default String part(Batch batch) {
        return "";
    }

    /** Called after the optimizer has moved the parameters of step {@code step}: moving averages, queues, counts. */
    default void afterUpdate(long step) {}

    /** Arrays that are not parameters and that a resume needs, such as a queue or a moving-average teacher. */
    default Buffers buffers() {
        return Buffers.none();
    }
}
