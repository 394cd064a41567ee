package org.generalvision.data.source;

import java.util.Locale;

/** The part of a collection that an example belongs to. */
public enum Split {
    TRAIN,
    VALIDATION,
    TEST;

    /** The name as users write it. */
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
