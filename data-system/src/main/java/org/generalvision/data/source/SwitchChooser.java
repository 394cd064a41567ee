package org.generalvision.data.source;

import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;
import javax.xml.stream.util.EventReaderDelegate;

/**
 * Resolves SVG's {@code switch}, which jsvg does not know: it becomes a group with the first child that needs no extension.
 * Adobe Illustrator wraps whole drawings so, its private data as the first choice.
 */
final class SwitchChooser extends EventReaderDelegate {
    private static final QName EXTENSIONS = new QName("requiredExtensions");

    private final XMLEventFactory events = XMLEventFactory.newDefaultFactory();
    private final Deque<Element> open = new ArrayDeque<>();

    SwitchChooser(XMLEventReader reader) {
        super(reader);
    }

    private static final class Element {
        private final boolean isSwitch;
        private boolean chosen;

        Element(boolean isSwitch) {
            this.isSwitch = isSwitch;
        }
    }

    @Override
    public XMLEvent nextEvent() throws XMLStreamException {
        XMLEvent event = super.nextEvent();
        while (event.isStartElement() && passedOver(event.asStartElement())) {
            skip();
            event = super.nextEvent();
        }
        if (event.isStartElement()) {
            StartElement start = event.asStartElement();
            boolean isSwitch = start.getName().getLocalPart().equals("switch");
            open.push(new Element(isSwitch));
            return isSwitch
                    ? events.createStartElement(group(start.getName()), start.getAttributes(), start.getNamespaces())
                    : event;
        }
        if (event.isEndElement() && open.pop().isSwitch) {
            return events.createEndElement(group(event.asEndElement().getName()), null);
        }
        return event;
    }

    /** Whether an element is a choice that is not taken; the first possible one is. */
    private boolean passedOver(StartElement start) {
        Element parent = open.peek();
        if (parent == null || !parent.isSwitch) {
            return false;
        }
        boolean possible = !parent.chosen
                && start.getAttributeByName(EXTENSIONS) == null
                && !start.getName().getLocalPart().equals("foreignObject");
        parent.chosen |= possible;
        return !possible;
    }

    private void skip() throws XMLStreamException {
        for (int depth = 1; depth > 0; ) {
            XMLEvent event = super.nextEvent();
            if (event.isStartElement()) {
                depth++;
            } else if (event.isEndElement()) {
                depth--;
            }
        }
    }

    private static QName group(QName name) {
        return new QName(name.getNamespaceURI(), "g", name.getPrefix());
    }
}
