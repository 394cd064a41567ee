package org.generalvision.report;

import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.shard.Durable;

/** A page under a title whose first sentence says what came out. */
public final class Page {
    private final String title;
    private final String lead;
    private final List<Html> parts = new ArrayList<>();

    /**
     * A page without sections.
     *
     * @param lead the result in a sentence or two
     */
    public Page(String title, String lead) {
        this.title = title;
        this.lead = lead;
    }

    /** Adds a section: a heading, a text and figures. */
    public Page section(String heading, String text, Figure... figures) {
        parts.add(Html.element("h2", Html.text(heading)));
        if (!text.isEmpty()) {
            parts.add(Html.element("p", Html.text(text)));
        }
        for (Figure figure : figures) {
            parts.add(figure.html());
        }
        return this;
    }

    /** The whole page. */
    public String html() {
        Html head = Html.join(List.of(
                new Html("<meta charset=\"utf-8\">"),
                new Html("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"),
                Html.element("title", Html.text(title)),
                Html.element("style", new Html(style()))));
        List<Html> body = new ArrayList<>();
        body.add(Html.element("h1", Html.text(title)));
        body.add(Html.element("p", "class=\"lead\"", Html.text(lead)));
        body.addAll(parts);
        return "<!DOCTYPE html>\n<html lang=\"en\">\n"
                + Html.element("head", head).markup()
                + "\n"
                + Html.element("body", Html.element("main", Html.join(body))).markup()
                + "\n</html>\n";
    }

    /** Writes the page so that it is there whole or not at all, in place of an older one; missing folders are made. */
    public void write(Path file) {
        try {
            MoreFiles.createParentDirectories(file.toAbsolutePath());
            Durable.write(file, html().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static String style() {
        try (InputStream style = Page.class.getResourceAsStream("page.css")) {
            if (style == null) {
                throw new IllegalStateException("The style sheet page.css is not on the class path");
            }
            return new String(style.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the style sheet", e);
        }
    }
}
