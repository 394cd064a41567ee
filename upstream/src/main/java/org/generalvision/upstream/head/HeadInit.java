package org.generalvision.upstream.head;

import ai.djl.training.initializer.Initializer;
import org.generalvision.nn.Init;

/** How the layers of heads start: as those of torchvision. */
final class HeadInit {
    private HeadInit() {}

    /** He's uniform initialization for a layer with no ReLU behind it: bound sqrt(3 / fan in). */
    static Initializer linearFanIn() {
        return (manager, shape, type) ->
                Init.uniform(Math.sqrt(3.0 / shape.slice(1).size())).initialize(manager, shape, type);
    }

    /** He's normal initialization for a ReLU behind: deviation sqrt(2 / fan out). */
    static Initializer reluFanOut() {
        return Init.kaimingFanOut();
    }

    /** The small normal numbers of the layers that predict: deviation 0.01. */
    static Initializer small() {
        return Init.normal(0.01);
    }
}
