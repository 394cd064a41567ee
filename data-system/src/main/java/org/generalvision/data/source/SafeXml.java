package org.generalvision.data.source;

import com.google.common.primitives.Bytes;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * XML from strangers: a document type declaration is passed over unread, a document that declares entities is refused, and
 * nothing outside the given bytes is opened.
 */
final class SafeXml {
    private static final byte[] ENTITY = "<!ENTITY".getBytes(StandardCharsets.US_ASCII);

    private SafeXml() {}

    static XMLStreamReader stream(byte[] xml) throws XMLStreamException {
        refuseEntities(xml);
        return factory().createXMLStreamReader(new ByteArrayInputStream(xml));
    }

    static XMLEventReader events(byte[] xml) throws XMLStreamException {
        refuseEntities(xml);
        return factory().createXMLEventReader(new ByteArrayInputStream(xml));
    }

    /**
     * The JDK's parser would put nothing in the place of an entity in an attribute, and what is drawn would be silently
     * wrong. The search needs an encoding in which ASCII is ASCII; the others have zero bytes.
     */
    private static void refuseEntities(byte[] xml) throws XMLStreamException {
        if (Bytes.contains(xml, (byte) 0)) {
            throw new XMLStreamException("zero bytes: only UTF-8 and other encodings that contain ASCII are read");
        }
        if (Bytes.indexOf(xml, ENTITY) >= 0) {
            throw new XMLStreamException("declares entities, which are not expanded");
        }
    }

    /** The JDK's own parser, whatever else lies on the class path. */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("refers to an outside entity: " + systemId);
        });
        return factory;
    }
}
