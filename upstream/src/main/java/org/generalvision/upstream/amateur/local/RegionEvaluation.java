package org.generalvision.upstream.amateur.local;

import org.generalvision.data.source.ExampleData;

/**
 * How regions are measured without anything that this stage learns beside the image tower: a region of the first view looks for
 * itself among those of the second by the cosine of what RoIAlign reads of one map of the backbone. Figures {@code
 * regions/inBatch} and {@code regions/inImage}: the share that find themselves among all regions of a batch (evaluation.loader
 * says how many images it has), and among those of their own image.
 *
 * @param data held-out images
 * @param stride of the map that is read
 * @param bins of a region in each direction
 */
public record RegionEvaluation(ExampleData data, int stride, int bins) {
    public RegionEvaluation {
        if (stride < 1) {
            throw new IllegalArgumentException("stride must be positive: " + stride);
        }
        if (bins < 1) {
            throw new IllegalArgumentException("bins must be positive: " + bins);
        }
    }
}
