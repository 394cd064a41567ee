package org.generalvision.upstream.head;

import java.util.List;
import org.generalvision.data.example.Mask;
import org.generalvision.data.load.Draws;
import org.jspecify.annotations.Nullable;

/**
 * What is in the images of a batch, and where the draws of their samples come from.
 *
 * @param sizes of the images
 * @param objects of each image; an image may have none
 * @param draws one for each image, keyed by seed, step and sample
 */
public record TruthBatch(ImageSizes sizes, List<List<TrueInstance>> objects, List<Draws> draws) {
    public TruthBatch {
        objects = objects.stream().map(List::copyOf).toList();
        draws = List.copyOf(draws);
        if (objects.size() != sizes.count() || draws.size() != sizes.count()) {
            throw new IllegalArgumentException("Each image needs its objects and its draws: %d, %d, %d"
                    .formatted(sizes.count(), objects.size(), draws.size()));
        }
        for (int image = 0; image < objects.size(); image++) {
            for (TrueInstance object : objects.get(image)) {
                requireSize(object.mask(), sizes.height(image), sizes.width(image));
            }
        }
    }

    private static void requireSize(Mask.@Nullable RunLengths mask, int height, int width) {
        if (mask != null && (mask.height() != height || mask.width() != width)) {
            throw new IllegalArgumentException("A mask must have the size of its image, %d x %d pixels: %d x %d"
                    .formatted(height, width, mask.height(), mask.width()));
        }
    }

    /** The objects of an image that are not crowds. */
    List<TrueInstance> single(int image) {
        return objects.get(image).stream().filter(object -> !object.crowd()).toList();
    }

    /** The crowds of an image, of whatever class: what lies in one is not taught as background of any. */
    List<TrueInstance> crowds(int image) {
        return objects.get(image).stream().filter(TrueInstance::crowd).toList();
    }
}
