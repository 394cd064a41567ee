package org.generalvision.report;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Rows of pictures, each row under a text, such as a caption and the pictures that were found for it.
 *
 * @param rows from top to bottom
 */
public record Gallery(List<Row> rows) implements Figure {
    public Gallery {
        rows = List.copyOf(rows);
    }

    /** A text and its pictures, from left to right. */
    public record Row(String text, List<Picture> pictures) {
        public Row {
            pictures = List.copyOf(pictures);
        }
    }

    /**
     * A picture.
     *
     * @param encoded PNG or JPEG
     * @param text shown when the pointer rests on it
     * @param marked whether it gets a frame: a right answer
     */
    public record Picture(ByteBuffer encoded, String text, boolean marked) {
        /** The first byte of a JPEG. */
        private static final byte JPEG = (byte) 0xFF;

        public Picture {
            encoded = encoded.asReadOnlyBuffer();
        }

        Html html() {
            byte[] bytes = new byte[encoded.remaining()];
            encoded.duplicate().get(bytes);
            String name = Html.text(text).markup();
            String type = bytes.length > 0 && bytes[0] == JPEG ? "jpeg" : "png";
            return new Html("<img%s alt=\"%s\" title=\"%s\" loading=\"lazy\" src=\"data:image/%s;base64,%s\">"
                    .formatted(
                            marked ? " class=\"marked\"" : "",
                            name,
                            name,
                            type,
                            Base64.getEncoder().encodeToString(bytes)));
        }
    }

    @Override
    public Html html() {
        List<Html> all = new ArrayList<>();
        for (Row row : rows) {
            Html pictures = Html.join(row.pictures().stream().map(Picture::html).toList());
            all.add(Html.element("figcaption", Html.text(row.text())));
            all.add(Html.element("div", "class=\"pictures\"", pictures));
        }
        return Html.element("figure", Html.join(all));
    }
}
