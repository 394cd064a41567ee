package org.generalvision.metric;

import java.util.List;

/** What is in one image and what was detected in it; either may be empty. */
public record ImageObjects(List<TrueObject> truths, List<Detection> detections) {
    public ImageObjects {
        truths = List.copyOf(truths);
        detections = List.copyOf(detections);
    }
}
