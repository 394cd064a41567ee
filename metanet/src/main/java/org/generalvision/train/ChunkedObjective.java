package org.generalvision.train;

import ai.djl.ndarray.NDList;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Pass;

/**
 * An objective whose loss joins all samples of a batch, as a contrast does, while its networks read each sample for itself, so
 * that they can read a large batch in chunks. Norms that use the statistics of a batch then see those of a chunk, as they do on
 * each of several devices.
 */
public interface ChunkedObjective extends Objective {
    /** Samples that the networks read at a time; a batch of no more is read at once. */
    int chunkSize();

    /**
     * What the networks make of samples: arrays whose first axis is the sample, in an order that does not change.
     *
     * @param samples a batch or a part of one
     */
    NDList encode(Batch samples, Pass pass);

    /**
     * The losses of a batch.
     *
     * @param encoded what {@link #encode} made of all its samples
     */
    Losses losses(NDList encoded, Batch batch, Pass pass);

    @Override
    default Losses losses(Batch batch, Pass pass) {
        return losses(encode(batch, pass), batch, pass);
    }
}
