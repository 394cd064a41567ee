package org.generalvision.benchmark.probe;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableLongArray;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Random labelled features: classes differ in their means, columns in their scale and offset. */
final class Samples {
    private Samples() {}

    static LabelledFeatures random(NDManager manager, int rows, int width, int classes, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        double[][] means = new double[classes][width];
        for (double[] mean : means) {
            for (int d = 0; d < width; d++) {
                mean[d] = random.nextGaussian();
            }
        }
        float[] features = new float[rows * width];
        ImmutableLongArray.Builder labels = ImmutableLongArray.builder(rows);
        for (int i = 0; i < rows; i++) {
            int label = i % classes;
            labels.add(label);
            for (int d = 0; d < width; d++) {
                features[i * width + d] = (float) ((means[label][d] + 2 * random.nextGaussian()) * (1 + d % 3) + d);
            }
        }
        return new LabelledFeatures(manager.create(features, new Shape(rows, width)), labels.build());
    }
}
