package org.generalvision.data.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An annotation file of Pascal VOC.
 *
 * @param fileName of the image
 * @param objects in their order; parts of objects are left out
 */
record VocAnnotation(String fileName, List<Item> objects) {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_CHARACTERS = 1000;

    VocAnnotation {
        objects = List.copyOf(objects);
    }

    /**
     * An object as it is written.
     *
     * @param name its class
     * @param difficult whether evaluation ignores it
     * @param corners xmin, ymin, xmax, ymax in pixels from 1, all inclusive, as texts
     */
    record Item(String name, boolean difficult, List<String> corners) {
        Item {
            corners = List.copyOf(corners);
        }

        /**
         * A corner as a number.
         *
         * @throws IllegalArgumentException if it is none
         */
        double corner(int index) {
            try {
                return Double.parseDouble(corners.get(index));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "box with a corner that is no number: '%s'".formatted(corners.get(index)), e);
            }
        }
    }

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException if it is not well-formed XML in UTF-8 with the root {@code annotation}
     */
    static VocAnnotation read(byte[] xml) {
        // The JDK's parser would print what it has to say about broken characters.
        Utf8Lines.decode(xml);
        try {
            Reader reader = new Reader();
            XMLStreamReader stream = SafeXml.stream(xml);
            try {
                while (stream.hasNext()) {
                    reader.take(stream, stream.next());
                }
            } finally {
                stream.close();
            }
            return new VocAnnotation(reader.fileName, reader.objects);
        } catch (XMLStreamException e) {
            String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
            throw new IllegalArgumentException("not XML that can be read: " + message, e);
        }
    }

    private static final class Reader {
        private final Deque<String> path = new ArrayDeque<>();
        private final StringBuilder text = new StringBuilder();
        private final List<Item> objects = new ArrayList<>();
        private Map<String, String> values = new HashMap<>();
        private String fileName = "";

        void take(XMLStreamReader xml, int event) {
            if (event == XMLStreamReader.START_ELEMENT) {
                path.addLast(xml.getLocalName());
                text.setLength(0);
                if (path.size() > MAX_DEPTH || !path.getFirst().equals("annotation")) {
                    throw new IllegalArgumentException(
                            "must have the root annotation, and no more than %d elements in each other"
                                    .formatted(MAX_DEPTH));
                }
                if (at().equals("annotation/object")) {
                    values = new HashMap<>();
                }
            } else if (event == XMLStreamReader.CHARACTERS || event == XMLStreamReader.CDATA) {
                text.append(xml.getText(), 0, Math.min(xml.getText().length(), MAX_CHARACTERS));
            } else if (event == XMLStreamReader.END_ELEMENT) {
                end();
                path.removeLast();
                text.setLength(0);
            }
        }

        /** By the whole path: parts of an object, such as a head, have names and boxes too. */
        private void end() {
            String at = at();
            if (at.equals("annotation/filename")) {
                fileName = text.toString().strip();
            } else if (at.equals("annotation/object")) {
                objects.add(new Item(
                        value("name"),
                        value("difficult").equals("1"),
                        List.of(
                                value("bndbox/xmin"),
                                value("bndbox/ymin"),
                                value("bndbox/xmax"),
                                value("bndbox/ymax"))));
            } else if (at.startsWith("annotation/object/")) {
                values.put(
                        at.substring("annotation/object/".length()),
                        text.toString().strip());
            }
        }

        private String value(String name) {
            return values.getOrDefault(name, "");
        }

        private String at() {
            return String.join("/", path);
        }
    }
}
