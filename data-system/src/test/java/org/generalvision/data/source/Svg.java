package org.generalvision.data.source;

import java.nio.charset.StandardCharsets;

/** SVG documents as text, with the metadata block that the library's files carry. */
final class Svg {
    static final String PUBLIC_DOMAIN = "http://web.resource.org/cc/PublicDomain";

    private static final String ROOT =
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='100' height='100'>";

    private Svg() {}

    static byte[] of(String content) {
        return bytes(ROOT + content + "</svg>");
    }

    static byte[] titled(String title, String licence, String content) {
        return of("<metadata><rdf:RDF xmlns:cc='http://web.resource.org/cc/'"
                + " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
                + "<cc:Work rdf:about=''><dc:title>" + title + "</dc:title><dc:subject><rdf:Bag><rdf:li>tag</rdf:li>"
                + "</rdf:Bag></dc:subject><dc:creator><cc:Agent><dc:title>Jane Doe</dc:title></cc:Agent></dc:creator>"
                + "<dc:publisher><cc:Agent><dc:title>No title of a work</dc:title></cc:Agent></dc:publisher>"
                + "<dc:language>en</dc:language><cc:license rdf:resource='" + licence + "'/></cc:Work>"
                + "</rdf:RDF></metadata>" + content);
    }

    static String square(String color, int x, int y, int side) {
        return "<rect fill='%s' x='%d' y='%d' width='%d' height='%d'/>".formatted(color, x, y, side, side);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
