package org.generalvision.data.curate;

import org.generalvision.data.example.Example;

/** How much is known about an example. */
final class Annotation {
    private Annotation() {}

    /** The number of captions, labels, boxes, masks and depth maps. */
    static int count(Example example) {
        return example.captions().size()
                + example.labels().size()
                + example.boxes().size()
                + example.masks().size()
                + (example.depth() == null ? 0 : 1);
    }
}
