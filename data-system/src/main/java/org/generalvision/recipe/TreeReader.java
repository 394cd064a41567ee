package org.generalvision.recipe;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;

/**
 * Reads YAML text into a tree. The text is untrusted: its size, depth and number of nodes are bounded, and tags, anchors
 * and aliases are refused, so that a short text cannot grow and a value is what stands there.
 */
final class TreeReader {
    static final int MAX_CHARACTERS = 1 << 20;
    static final int MAX_DEPTH = 32;
    static final int MAX_NODES = 100_000;

    private final String origin;
    private final Iterator<Event> events;
    private final boolean withLines;
    private int nodes;

    private TreeReader(String origin, boolean withLines, Iterator<Event> events) {
        this.origin = origin;
        this.withLines = withLines;
        this.events = events;
    }

    /** Reads a whole file. */
    static Tree read(String origin, String text) {
        return read(origin, text, true);
    }

    /** Reads the value of an override, whose place is the override itself. */
    static Tree readValue(String origin, String text) {
        return read(origin, text, false);
    }

    private static Tree read(String origin, String text, boolean withLines) {
        if (text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "%s has %d characters; a recipe has at most %d".formatted(origin, text.length(), MAX_CHARACTERS));
        }
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(MAX_DEPTH);
        try {
            Iterator<Event> events =
                    new Yaml(options).parse(new StringReader(text)).iterator();
            return new TreeReader(origin, withLines, events).document();
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new IllegalArgumentException("%s line %d is not YAML: %s".formatted(origin, line, e.getProblem()), e);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(origin + " is not YAML: " + e.getMessage(), e);
        }
    }

    private Tree document() {
        next(); // the stream's start
        Event start = next();
        if (start instanceof StreamEndEvent) {
            return new Tree.Scalar("", false, origin);
        }
        if (!(start instanceof DocumentStartEvent)) {
            throw new IllegalStateException("A YAML stream began with " + start);
        }
        Tree tree = node(next(), 0);
        next(); // the document's end
        Event end = next();
        if (!(end instanceof StreamEndEvent)) {
            throw refusal(end, "holds a second document; a recipe is one");
        }
        return tree;
    }

    private Event next() {
        return events.next();
    }

    private Tree node(Event event, int depth) {
        nodes++;
        if (nodes > MAX_NODES) {
            throw refusal(event, "holds more than " + MAX_NODES + " values");
        }
        if (depth > MAX_DEPTH) {
            throw refusal(event, "is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (event instanceof AliasEvent || ((NodeEvent) event).getAnchor() != null) {
            throw refusal(event, "uses an anchor or alias; write the value out");
        }
        if (event instanceof ScalarEvent scalar) {
            refuseTag(event, scalar.getTag());
            return new Tree.Scalar(scalar.getValue(), scalar.getScalarStyle() != ScalarStyle.PLAIN, place(event));
        }
        refuseTag(event, ((CollectionStartEvent) event).getTag());
        return event instanceof SequenceStartEvent ? sequence(event, depth) : mapping(event, depth);
    }

    private void refuseTag(Event event, @Nullable String tag) {
        if (tag != null) {
            throw refusal(event, "uses the tag " + tag + "; values have no tags here");
        }
    }

    private Tree.Sequence sequence(Event start, int depth) {
        List<Tree> items = new ArrayList<>();
        for (Event event = next(); !event.is(Event.ID.SequenceEnd); event = next()) {
            items.add(node(event, depth + 1));
        }
        return new Tree.Sequence(items, place(start));
    }

    private Tree.Mapping mapping(Event start, int depth) {
        Map<String, Tree> entries = new LinkedHashMap<>();
        for (Event event = next(); !event.is(Event.ID.MappingEnd); event = next()) {
            if (!(node(event, depth + 1) instanceof Tree.Scalar key)) {
                throw refusal(event, "has a key that is not a name");
            }
            if (entries.containsKey(key.text())) {
                throw refusal(
                        event,
                        "repeats the key %s of %s"
                                .formatted(key.text(), entries.get(key.text()).place()));
            }
            Tree value = node(next(), depth + 1);
            // The key's line, not the value's: a group's first line is already that of its first key.
            entries.put(key.text(), at(value, key.place()));
        }
        return new Tree.Mapping(entries, place(start));
    }

    private static Tree at(Tree value, String place) {
        if (value instanceof Tree.Scalar scalar) {
            return new Tree.Scalar(scalar.text(), scalar.quoted(), place);
        }
        if (value instanceof Tree.Sequence sequence) {
            return new Tree.Sequence(sequence.items(), place);
        }
        return new Tree.Mapping(((Tree.Mapping) value).entries(), place);
    }

    private String place(Event event) {
        return withLines ? origin + " line " + (event.getStartMark().getLine() + 1) : origin;
    }

    private IllegalArgumentException refusal(Event event, String rule) {
        return new IllegalArgumentException(place(event) + " " + rule);
    }
}
