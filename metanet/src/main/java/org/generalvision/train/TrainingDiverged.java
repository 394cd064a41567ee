package org.generalvision.train;

import java.nio.file.Path;

/** A run stopped because a loss or a gradient became NaN or infinite; the last checkpoint and the weights are unharmed. */
public final class TrainingDiverged extends RuntimeException {
    private final transient Path bundle;

    TrainingDiverged(NotFinite cause, Path bundle) {
        super(
                cause.getMessage() + ". The update was not made. To run that step again: --replay " + bundle
                        + ". A lower learning rate, a longer warm-up or gradient clipping is the usual remedy",
                cause);
        this.bundle = bundle;
    }

    /** The directory that {@link Origin#replay} takes. */
    public Path bundle() {
        return bundle;
    }
}
