package org.generalvision.upstream.amateur;

import java.util.List;

/**
 * How much each loss of DeCLIP counts; a loss of weight 0 is not computed, and its heads do not exist. The published weights of
 * the R50 are 0.4, 0.2, 0.2, 0.2.
 *
 * @param multiView InfoNCE, mean over the four pairs of two image views and two text views
 * @param nearestNeighbor InfoNCE of both image views with the nearest neighbors of both text views
 * @param imageSelf SimSiam between the image views
 * @param textSelf masked language modelling of the first text view
 */
public record LossWeights(double multiView, double nearestNeighbor, double imageSelf, double textSelf) {
    public LossWeights {
        require("multiView", multiView);
        require("nearestNeighbor", nearestNeighbor);
        require("imageSelf", imageSelf);
        require("textSelf", textSelf);
        if (List.of(multiView, nearestNeighbor, imageSelf, textSelf).stream().allMatch(w -> w == 0)) {
            throw new IllegalArgumentException("At least one loss must have a weight above 0");
        }
    }

    private static void require(String name, double weight) {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(name + " must not be negative: " + weight);
        }
    }
}
