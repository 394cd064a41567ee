package org.generalvision.benchmark.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.SafetensorsWriter;
import org.generalvision.weights.TensorInfo;
import org.generalvision.weights.TensorType;

/**
 * One row of features per image, and its class.
 *
 * @param features (N, D) float32, finite; its manager owns it
 * @param labels N class numbers, not negative, not necessarily without gaps
 */
public record LabelledFeatures(NDArray features, ImmutableLongArray labels) {
    private static final String FEATURES = "features";
    private static final String LABELS = "labels";

    public LabelledFeatures {
        Shape shape = features.getShape();
        require(
                features.getDataType() == DataType.FLOAT32 && shape.dimension() == 2,
                "features must be float32 of shape (N, D), but are " + features.getDataType() + " of shape " + shape);
        require(shape.size() > 0, "there are no features: their shape is " + shape);
        require(
                shape.get(0) == labels.length(),
                "features have " + shape.get(0) + " rows, but there are " + labels.length() + " labels");
        int negative = indexOfNegative(labels);
        require(negative < 0, "labels must not be negative, but label " + negative + " is " + at(labels, negative));
        long broken = indexOfNonFinite(features);
        require(
                broken < 0,
                "features must be finite, but row " + broken / shape.get(1) + ", column " + broken % shape.get(1)
                        + " is NaN or infinite");
    }

    /**
     * Reads tensors {@code features} [N, D] F32 and {@code labels} [N] I64 of a safetensors file.
     *
     * @param owner of the features
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    public static LabelledFeatures read(Path path, NDManager owner) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            require(path, file.info(FEATURES), TensorType.F32, 2);
            require(path, file.info(LABELS), TensorType.I64, 1);
            try (NDArray labels = file.read(LABELS, owner)) {
                return checked(path, file.read(FEATURES, owner), ImmutableLongArray.copyOf(labels.toLongArray()));
            }
        }
    }

    private static LabelledFeatures checked(Path path, NDArray features, ImmutableLongArray labels) {
        try {
            return new LabelledFeatures(features, labels);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    /** Writes a file that {@link #read} reads; it appears only when it is whole. */
    public void write(Path path, Map<String, String> metadata) {
        try (NDArray numbers = features.getManager().create(labels.toArray())) {
            TreeMap<String, NDArray> arrays = new TreeMap<>();
            arrays.put(FEATURES, features);
            arrays.put(LABELS, numbers);
            SafetensorsWriter.write(path, arrays, metadata);
        }
    }

    /** Number of rows N. */
    public int size() {
        return labels.length();
    }

    /** Number of features D. */
    public int width() {
        return (int) features.getShape().get(1);
    }

    /** Some of the rows, in the order given; owned by {@code owner}. */
    public LabelledFeatures rows(int[] positions, NDManager owner) {
        try (NDArray index = owner.create(positions)) {
            NDArray chosen = features.get(index);
            chosen.attach(owner);
            ImmutableLongArray.Builder chosenLabels = ImmutableLongArray.builder(positions.length);
            for (int position : positions) {
                chosenLabels.add(labels.get(position));
            }
            return new LabelledFeatures(chosen, chosenLabels.build());
        }
    }

    private static void require(Path path, TensorInfo info, TensorType type, int rank) {
        if (info.type() != type || info.shape().dimension() != rank) {
            throw new IllegalArgumentException("%s: tensor %s must be %s with %d axes, but is %s of shape %s"
                    .formatted(path, info.name(), type, rank, info.type(), info.shape()));
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static int indexOfNegative(ImmutableLongArray labels) {
        for (int i = 0; i < labels.length(); i++) {
            if (labels.get(i) < 0) {
                return i;
            }
        }
        return -1;
    }

    private static Object at(ImmutableLongArray labels, int index) {
        return index < 0 ? "" : labels.get(index);
    }

    private static long indexOfNonFinite(NDArray features) {
        try (NDManager scratch = features.getManager().newSubManager()) {
            // x - x is 0 where x is finite and NaN elsewhere.
            NDArray difference = features.sub(features);
            difference.attach(scratch);
            NDArray broken = difference.isNaN();
            broken.attach(scratch);
            NDArray any = broken.any();
            any.attach(scratch);
            if (!any.getBoolean()) {
                return -1;
            }
            boolean[] flags = broken.toBooleanArray();
            int i = 0;
            while (!flags[i]) {
                i++;
            }
            return i;
        }
    }
}
