package org.generalvision.report;

import com.google.common.html.HtmlEscapers;

/** A fragment of HTML in which every text has been escaped. */
public record Html(String markup) {
    /** A text as it is to be read. */
    public static Html text(String text) {
        return new Html(HtmlEscapers.htmlEscaper().escape(text));
    }

    /** An element around a fragment; attributes are given whole, such as {@code class="good"}, or empty. */
    public static Html element(String name, String attributes, Html content) {
        String opening = attributes.isEmpty() ? name : name + " " + attributes;
        return new Html("<" + opening + ">" + content.markup + "</" + name + ">");
    }

    /** An element without attributes. */
    public static Html element(String name, Html content) {
        return element(name, "", content);
    }

    /** The fragments one after another. */
    public static Html join(Iterable<Html> parts) {
        StringBuilder all = new StringBuilder();
        parts.forEach(part -> all.append(part.markup).append('\n'));
        return new Html(all.toString());
    }
}
