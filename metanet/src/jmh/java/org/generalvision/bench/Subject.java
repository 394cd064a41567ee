package org.generalvision.bench;

import ai.djl.ndarray.types.Shape;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Precision;
import org.generalvision.zoo.ZooCatalog;
import org.generalvision.zoo.ZooEntry;

/**
 * What is compared.
 *
 * @param network {@code hybrid} or a name of the zoo
 * @param training a whole training step, or else a forward pass in evaluation mode without gradients
 */
public record Subject(String network, Precision precision, boolean training) {
    /** Reads NETWORK, PRECISION (float32 or mixed) and WORK (train or forward), as {@link #arguments} writes them. */
    public static Subject of(String network, String precision, String work) {
        return new Subject(
                network,
                choose(precision, "float32", "mixed") ? Precision.FLOAT32 : Precision.MIXED,
                choose(work, "train", "forward"));
    }

    private static boolean choose(String word, String yes, String no) {
        if (!word.equals(yes) && !word.equals(no)) {
            throw new IllegalArgumentException(word + " must be " + yes + " or " + no);
        }
        return word.equals(yes);
    }

    String[] arguments() {
        return new String[] {
            network, precision == Precision.FLOAT32 ? "float32" : "mixed", training ? "train" : "forward"
        };
    }

    boolean isHybrid() {
        return network.equals("hybrid");
    }

    /** Shape of a batch, (B, 3, H, W): 16 pictures of 64 px for the hybrid, else 8 of the network's own resolution. */
    public Shape input() {
        if (isHybrid()) {
            return new Shape(16, 3, 64, 64);
        }
        int side = ZooCatalog.entry(network).resolution();
        return new Shape(8, 3, side, side);
    }

    /** Number of classes; networks published without a classifier get one of 1000. */
    public int classes() {
        return isHybrid() ? 100 : 1000;
    }

    /** Our network, not yet initialized. */
    public Layer create() {
        if (isHybrid()) {
            return new Hybrid();
        }
        ZooEntry entry = ZooCatalog.entry(network);
        return entry.architecture().create(classes(), entry.resolution());
    }
}
