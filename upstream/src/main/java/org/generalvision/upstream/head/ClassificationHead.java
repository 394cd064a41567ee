package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import java.util.stream.LongStream;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/** One class for each image: a linear map of the pooled feature. Parameters {@code fc.weight}, {@code fc.bias}. */
public final class ClassificationHead extends Layer {
    /** The label of an image of whose class nothing is known; it is not trained on. */
    public static final long UNKNOWN = -1;

    private final int classes;
    private final Linear fc;

    /**
     * A head that is not yet initialized.
     *
     * @param in width of the feature
     * @param classes at least 2
     */
    public ClassificationHead(int in, int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("A classification needs at least two classes: " + classes);
        }
        this.classes = classes;
        fc = child("fc", new Linear(in, classes));
    }

    /** Scores of the classes: (B, in) to (B, classes). */
    @Override
    public NDArray forward(NDArray features, Pass pass) {
        return fc.forward(features, pass);
    }

    /**
     * Mean cross entropy over the images whose class is known; 0 if none is.
     *
     * @param features (B, in)
     * @param labels int64 (B), each a class from 0 or {@link #UNKNOWN}
     * @param smoothing share of the target that is spread evenly over all classes, in [0, 1]
     */
    public NDArray loss(NDArray features, NDArray labels, double smoothing, Pass pass) {
        return loss(forward(features, pass), labels, smoothing);
    }

    /**
     * The same from scores that have been made already.
     *
     * @param logits (B, classes)
     */
    public NDArray loss(NDArray logits, NDArray labels, double smoothing) {
        long[] known = LongStream.of(labels.toLongArray())
                .filter(label -> label != UNKNOWN)
                .toArray();
        for (long label : known) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException(
                        "An image has class %d, but the head was made for %d classes".formatted(label, classes));
            }
        }
        return known.length == 0
                ? Ops.scale(Ops.widened(logits).sum(), 0)
                : Ops.crossEntropy(logits, labels, UNKNOWN, smoothing);
    }
}
