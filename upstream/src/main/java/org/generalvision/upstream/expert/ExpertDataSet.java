package org.generalvision.upstream.expert;

import org.generalvision.data.augment.ImageView;
import org.generalvision.data.source.ExampleData;

/**
 * A data set that an expert has a head for.
 *
 * @param name of the head and of the figures; lower-case letters, digits and hyphens
 * @param weight its part of the steps, relative to the others; a whole number
 * @param task what is learned
 * @param train what is trained on
 * @param view how its images are made
 * @param heldOut what is measured on
 * @param heldOutView how those images are made
 */
public record ExpertDataSet(
        String name,
        long weight,
        ExpertTask task,
        ExampleData train,
        ImageView view,
        ExampleData heldOut,
        ImageView heldOutView) {
    public ExpertDataSet {
        if (!name.matches("[a-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("name must consist of lower-case letters, digits and hyphens: " + name);
        }
        if (weight < 1) {
            throw new IllegalArgumentException("weight must be positive: " + weight);
        }
    }
}
