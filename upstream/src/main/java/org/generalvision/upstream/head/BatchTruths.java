package org.generalvision.upstream.head;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.generalvision.data.example.Mask;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.DenseSamples;
import org.generalvision.data.load.Draws;
import org.generalvision.metric.Region;
import org.jspecify.annotations.Nullable;

/** Reads the objects of a batch of {@link DenseSamples} into plain Java. */
public final class BatchTruths {
    private final int height;
    private final int width;
    private final int maxObjects;
    private final float[] boxes;
    private final long[] classes;
    private final long[] flags;
    private final byte @Nullable [] masks;

    private BatchTruths(Batch batch) {
        height = Math.toIntExact(batch.get("image").getShape().get(2));
        width = Math.toIntExact(batch.get("image").getShape().get(3));
        maxObjects = Math.toIntExact(batch.get("classes").getShape().get(1));
        boxes = batch.get("boxes").toFloatArray();
        classes = batch.get("classes").toLongArray();
        flags = batch.get("flags").toLongArray();
        masks = batch.has("masks")
                ? batch.get("masks").toType(DataType.UINT8, false).toByteArray()
                : null;
    }

    /**
     * The objects of a batch.
     *
     * @param seed of the run, from which with step and sample the draws of training derive
     */
    public static TruthBatch of(Batch batch, long seed) {
        BatchTruths truths = new BatchTruths(batch);
        List<List<TrueInstance>> objects = new ArrayList<>();
        List<Draws> draws = new ArrayList<>();
        for (int image = 0; image < batch.size(); image++) {
            objects.add(truths.objects(image));
            draws.add(new Draws(seed, batch.step(), batch.ids().get(image)));
        }
        return new TruthBatch(ImageSizes.of(batch.size(), truths.height, truths.width), objects, draws);
    }

    private List<TrueInstance> objects(int image) {
        List<TrueInstance> objects = new ArrayList<>();
        for (int i = image * maxObjects; i < (image + 1) * maxObjects; i++) {
            if (classes[i] != DenseSamples.NONE) {
                Region.Box box = new Region.Box(boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]);
                boolean crowd = (flags[i] & DenseSamples.CROWD) != 0;
                objects.add(new TrueInstance(box, Math.toIntExact(classes[i]), crowd, mask(i)));
            }
        }
        return objects;
    }

    private Mask.@Nullable RunLengths mask(int object) {
        if (masks == null || (flags[object] & DenseSamples.MASK) == 0) {
            return null;
        }
        int first = object * ((height * width + 7) / 8);
        BitSet pixels = new BitSet(height * width);
        for (int pixel = 0; pixel < height * width; pixel++) {
            if ((masks[first + pixel / 8] >> pixel % 8 & 1) != 0) {
                pixels.set(pixel % width * height + Math.floorDiv(pixel, width));
            }
        }
        return Mask.RunLengths.of(height, width, pixels, "", null);
    }
}
