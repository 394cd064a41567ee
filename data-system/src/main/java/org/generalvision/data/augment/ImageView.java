package org.generalvision.data.augment;

import java.util.List;

/**
 * How one view of an image is made: transparent pixels are put on the background, then crop, augmentations in their order,
 * and normalization. A recipe holds one for training and one for evaluation.
 *
 * @param crop which part, at which size
 * @param augmentations random changes, may be empty
 * @param normalize the last step
 * @param background behind transparent pixels
 */
public record ImageView(Crop crop, List<Augmentation> augmentations, Normalize normalize, Background background) {
    public ImageView {
        augmentations = List.copyOf(augmentations);
    }

    /** Bytes of the finished view: height x width x 3 floats. */
    public int bytes() {
        return Math.multiplyExact(Math.multiplyExact(crop.height(), crop.width()), Canvas.NUM_CHANNELS * Float.BYTES);
    }
}
