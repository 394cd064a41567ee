package org.generalvision.data.augment;

/**
 * One sample cannot be used: its image is broken, too large or not of a known format, or an annotation that the batch needs
 * is missing. A loader leaves such a sample out and says so; every other exception stops it.
 */
public final class UnreadableSampleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public UnreadableSampleException(String reason) {
        super(reason);
    }
}
