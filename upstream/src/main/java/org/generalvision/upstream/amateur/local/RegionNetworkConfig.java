package org.generalvision.upstream.amateur.local;

import java.util.List;
import org.generalvision.nn.RoiAlign;

/**
 * What reads regions (SoCo, arXiv 2106.02637, section 3.3 and appendix).
 *
 * @param strides of the backbone's maps that the pyramid reads, each double the one before; 4 to 32 as published
 * @param pyramidWidth channels of the pyramid; 256
 * @param canonicalSide a region with this root of its area, in pixels of its view, is read from the map of stride 16, one of half
 *     that from the map of stride 8, and so on; SoCo's bounds of 48, 96 and 192 pixels are those of 96
 * @param bins of a region in each direction; 7
 * @param samples in each direction of a bin; 0 for as many as it has cells
 * @param headWidth of the head's two layers; 1024
 * @param hiddenWidth of projector and predictor; 4096
 * @param outputWidth of projector and predictor; 256
 */
public record RegionNetworkConfig(
        List<Integer> strides,
        int pyramidWidth,
        double canonicalSide,
        int bins,
        int samples,
        int headWidth,
        int hiddenWidth,
        int outputWidth) {
    public RegionNetworkConfig {
        strides = List.copyOf(strides);
        if (!(canonicalSide > 0 && canonicalSide < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("canonicalSide must be positive and finite: " + canonicalSide);
        }
        requirePositive("pyramidWidth", pyramidWidth);
        requirePositive("bins", bins);
        requirePositive("headWidth", headWidth);
        requirePositive("hiddenWidth", hiddenWidth);
        requirePositive("outputWidth", outputWidth);
        if (samples < 0) {
            throw new IllegalArgumentException("samples must not be negative: " + samples);
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }

    RoiAlign align() {
        return new RoiAlign(bins, bins, samples);
    }
}
