package org.generalvision.zoo;

import java.util.List;
import org.generalvision.nn.Backbone;

/**
 * A network of the zoo.
 *
 * @param name lower case, for example {@code resnet50}
 * @param classes number of classes of the published network; 0 if it ends with an embedding
 * @param resolution side of the square pictures it is meant for, in pixels
 * @param source where it was published
 * @param dialects the names that its weight files may use, its own first
 */
public record ZooEntry(
        String name,
        int classes,
        int resolution,
        String source,
        Architecture architecture,
        List<NameDialect> dialects) {
    public ZooEntry {
        dialects = List.copyOf(dialects);
    }

    /** Makes a network that is not yet initialized. */
    @FunctionalInterface
    public interface Architecture {
        /**
         * Makes a network that is not yet initialized.
         *
         * @param classes number of classes, or 0 for a network without classifier
         * @param resolution side of the pictures; matters only to networks that learn a place embedding
         */
        Backbone create(int classes, int resolution);
    }

    /** The network with its published number of classes for pictures of its own resolution. */
    public Backbone create() {
        return create(classes, resolution);
    }

    /**
     * A network that is not yet initialized.
     *
     * @param classes number of classes, or 0 for a network without classifier
     * @param resolution side of the square pictures it will see, in pixels
     */
    public Backbone create(int classes, int resolution) {
        if (classes < 0) {
            throw new IllegalArgumentException("The number of classes must not be negative: " + classes);
        }
        if (resolution < 1) {
            throw new IllegalArgumentException("The resolution must be at least 1 pixel: " + resolution);
        }
        return architecture.create(classes, resolution);
    }
}
