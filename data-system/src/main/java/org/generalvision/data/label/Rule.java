package org.generalvision.data.label;

/** Why a label was merged into a concept. */
public enum Rule {
    /** The label is the concept's id. */
    ID,
    /** The label is the preferred name. */
    EXACT,
    /** A base form of the label is the preferred name. */
    LEMMA,
    /** The label, or a base form of it, is a synonym. */
    SYNONYM,
    /** The label names several concepts, and the user asked for the most common. */
    FIRST_SENSE,
    /** A person says so, in a file. */
    HAND
}
