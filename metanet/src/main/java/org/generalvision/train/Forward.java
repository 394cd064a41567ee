package org.generalvision.train;

import org.generalvision.data.load.Batch;
import org.generalvision.nn.Pass;

/** The way of a batch through an objective's networks, up to the losses and, for the gradients, back. */
sealed interface Forward permits Forward.Whole, ChunkedForward {
    /**
     * The way that fits an objective.
     *
     * @param seed of the draws that random layers make
     */
    static Forward of(Objective objective, Batch batch, Pass pass, long seed) {
        return objective instanceof ChunkedObjective chunked && chunked.chunkSize() < batch.size()
                ? new ChunkedForward(chunked, batch, pass, seed)
                : new Whole(objective, batch, pass);
    }

    /** The losses, connected with what {@link #back} needs. */
    Losses losses();

    /** Hands on the gradients that a backward pass from the losses did not bring to the parameters. */
    void back();

    /** The whole batch at once: one graph from the parameters to the losses. */
    record Whole(Objective objective, Batch batch, Pass pass) implements Forward {
        @Override
        public Losses losses() {
            return objective.losses(batch, pass);
        }

        @Override
        public void back() {}
    }
}
