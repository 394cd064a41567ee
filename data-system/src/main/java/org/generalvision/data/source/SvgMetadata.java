package org.generalvision.data.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What an SVG file says about itself in its RDF block (Dublin Core in a Creative Commons work).
 *
 * @param title of the work, empty if it has none
 * @param description of the work, empty if it has none
 * @param tags subjects of the work
 * @param creators names of its authors
 * @param language of the work as written there, empty if it has none
 * @param licence resource that the first licence element names, empty if there is none
 * @param raster whether the drawing refers to a raster image
 */
record SvgMetadata(
        String title,
        String description,
        List<String> tags,
        List<String> creators,
        String language,
        String licence,
        boolean raster) {
    private static final String RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

    /** Far deeper than drawings are, far below what would hurt. */
    private static final int MAX_DEPTH = 200;

    SvgMetadata {
        tags = List.copyOf(tags);
        creators = List.copyOf(creators);
    }

    boolean publicDomain() {
        return licence.toLowerCase(Locale.ROOT).replace(" ", "").contains("publicdomain");
    }

    /**
     * Reads the metadata of an SVG document.
     *
     * @throws IllegalArgumentException if it is not well-formed XML, its root is not {@code svg}, or it is nested too deeply
     */
    static SvgMetadata read(byte[] svg) {
        try {
            Reader reader = new Reader();
            XMLStreamReader xml = SafeXml.stream(svg);
            try {
                while (xml.hasNext()) {
                    reader.take(xml, xml.next());
                }
            } finally {
                xml.close();
            }
            return reader.metadata();
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException("not XML that can be read: " + firstLine(e), e);
        }
    }

    private static String firstLine(XMLStreamException e) {
        String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        return message.length() > 200 ? message.substring(0, 200) : message;
    }

    /** Collects the texts of the first work; inner works describe parts. */
    private static final class Reader {
        private final Deque<String> path = new ArrayDeque<>();
        private final StringBuilder text = new StringBuilder();
        private final List<String> tags = new ArrayList<>();
        private final List<String> creators = new ArrayList<>();
        private String title = "";
        private String description = "";
        private String language = "";
        private String licence = "";
        private boolean raster;

        void take(XMLStreamReader xml, int event) {
            switch (event) {
                case XMLStreamReader.START_ELEMENT -> start(xml);
                case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA -> text.append(xml.getText());
                case XMLStreamReader.END_ELEMENT -> end();
                default -> {
                    // Comments and processing instructions say nothing about the picture.
                }
            }
        }

        private void start(XMLStreamReader xml) {
            String name = xml.getLocalName();
            if (path.isEmpty() && !name.equals("svg")) {
                throw new IllegalArgumentException("the root element is " + name + ", not svg");
            }
            if (path.size() >= MAX_DEPTH) {
                throw new IllegalArgumentException("elements are nested deeper than " + MAX_DEPTH);
            }
            path.addLast(name);
            text.setLength(0);
            raster |= name.equals("image") || name.equals("feImage");
            if (name.equals("license") && licence.isEmpty()) {
                String resource = xml.getAttributeValue(RDF, "resource");
                licence = resource == null ? "" : resource.strip();
            }
        }

        private void end() {
            String value = text.toString().strip().replaceAll("\\s+", " ");
            if (endsWith("Work", "title") && title.isEmpty()) {
                title = value;
            } else if (endsWith("Work", "description") && description.isEmpty()) {
                description = value;
            } else if (endsWith("Work", "language") && language.isEmpty()) {
                language = value;
            } else if (endsWith("Work", "subject", "Bag", "li")) {
                tags.add(value);
            } else if (endsWith("creator", "Agent", "title")) {
                creators.add(value);
            }
            path.removeLast();
            text.setLength(0);
        }

        private boolean endsWith(String... names) {
            List<String> all = List.copyOf(path);
            return all.size() >= names.length
                    && all.subList(all.size() - names.length, all.size()).equals(List.of(names));
        }

        SvgMetadata metadata() {
            return new SvgMetadata(title, description, tags, creators, language, licence, raster);
        }
    }
}
