package org.generalvision.data.source;

import java.io.ByteArrayInputStream;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * XML from strangers: a document type declaration is passed over unread, so no entity is declared, and nothing outside the
 * given bytes is opened.
 */
final class SafeXml {
    private SafeXml() {}

    static XMLStreamReader stream(byte[] xml) throws XMLStreamException {
        return factory().createXMLStreamReader(new ByteArrayInputStream(xml));
    }

    static XMLEventReader events(byte[] xml) throws XMLStreamException {
        return factory().createXMLEventReader(new ByteArrayInputStream(xml));
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
