package org.generalvision.benchmark.report;

/** Something that a page can show: a table, curves, pictures, a confusion matrix. */
public sealed interface Figure permits Table, Curves, Gallery, ConfusionTable {
    /** The figure as HTML that refers to nothing outside. */
    Html html();
}
