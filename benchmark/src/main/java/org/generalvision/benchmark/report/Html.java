package org.generalvision.benchmark.report;

import com.google.common.html.HtmlEscapers;

/** A fragment of HTML in which every text has been escaped. */
record Html(String markup) {
    /** A text as it is to be read. */
    static Html text(String text) {
        return new Html(HtmlEscapers.htmlEscaper().escape(text));
    }

    /** An element around a fragment; attributes are given whole, such as {@code class="good"}, or empty. */
    static Html element(String name, String attributes, Html content) {
        String opening = attributes.isEmpty() ? name : name + " " + attributes;
        return new Html("<" + opening + ">" + content.markup + "</" + name + ">");
    }

    static Html element(String name, Html content) {
        return element(name, "", content);
    }

    /** The fragments one after another. */
    static Html join(Iterable<Html> parts) {
        StringBuilder all = new StringBuilder();
        parts.forEach(part -> all.append(part.markup).append('\n'));
        return new Html(all.toString());
    }
}
