package org.generalvision.data.scene;

import java.nio.file.Path;
import org.generalvision.data.augment.Range;

/** What is behind the objects; one is drawn for each scene. */
public sealed interface Backdrop {
    /** How often it is drawn, relative to the others. */
    double weight();

    /** Field and sky. The ground has its depth up to the far limit, the sky none. */
    record Outdoor(double weight) implements Backdrop {
        public Outdoor {
            requireWeight(weight);
        }
    }

    /**
     * Floor and back wall, both with their depth; nothing stands behind the wall.
     *
     * @param wall distance of the wall in metres
     */
    record Room(double weight, Range wall) implements Backdrop {
        public Room {
            requireWeight(weight);
            if (!(wall.low() > 0)) {
                throw new IllegalArgumentException("wall must be positive: " + wall.low());
            }
        }
    }

    /** A gradient with noise, without any depth. */
    record Plain(double weight) implements Backdrop {
        public Plain {
            requireWeight(weight);
        }
    }

    /**
     * Parts of photographs, without any depth. The files are split into training, validation and test by their names.
     *
     * @param directory with PNG and JPEG files, at any depth
     * @param licence of the photographs, an SPDX identifier or a name; every scene carries it beside that of its cut-outs
     */
    record Photos(double weight, Path directory, String licence) implements Backdrop {
        public Photos {
            requireWeight(weight);
            if (licence.isBlank()) {
                throw new IllegalArgumentException("licence must be named: every example carries it");
            }
        }
    }

    private static void requireWeight(double weight) {
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("weight must be positive: " + weight);
        }
    }
}
