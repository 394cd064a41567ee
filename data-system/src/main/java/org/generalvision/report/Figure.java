package org.generalvision.report;

/** Something that a page can show, such as a table, curves or pictures. */
public interface Figure {
    /** The figure as HTML that refers to nothing outside. */
    Html html();
}
