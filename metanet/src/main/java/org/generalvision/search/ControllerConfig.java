package org.generalvision.search;

/**
 * Sizes of the controller, a causal transformer.
 *
 * @param width of the tokens
 * @param heads of attention; divides the width
 * @param layers number of transformer blocks
 */
public record ControllerConfig(int width, int heads, int layers) {
    public ControllerConfig {
        if (width < 1 || layers < 1) {
            throw new IllegalArgumentException("width and layers must be at least 1: %d, %d".formatted(width, layers));
        }
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("heads must divide width: %d, %d".formatted(heads, width));
        }
    }
}
