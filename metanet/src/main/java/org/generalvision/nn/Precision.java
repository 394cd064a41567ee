package org.generalvision.nn;

/** In which number format convolutions, linear maps and attention products are computed. */
public enum Precision {
    /** Everything in the parameters' own type (float32, or float64 in gradient checks). */
    FLOAT32,
    /**
     * Convolutions, linear maps and attention products in bfloat16; norms, softmax, losses, master weights and the
     * optimizer in float32, as PyTorch's autocast does.
     */
    MIXED
}
