package org.generalvision.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One override: {@code path.to.leaf=value}, where a number in the path is the index in a list and the value is YAML.
 *
 * @param text the override as the user wrote it
 */
record Assignment(String text, List<String> path, Tree value) {
    static Assignment parse(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new IllegalArgumentException("The override " + text + " is not of the form path.to.key=value");
        }
        String path = text.substring(0, equals).strip();
        String origin = "override " + text;
        String value = text.substring(equals + 1).strip();
        return new Assignment(text, List.of(path.split("\\.", -1)), TreeReader.readValue(origin, value));
    }

    /** The tree with this value in place of the one that it has at this path. */
    Tree in(Tree tree) {
        return replaced(tree, 0);
    }

    private Tree replaced(Tree tree, int depth) {
        if (depth == path.size()) {
            return value;
        }
        if (tree instanceof Tree.Mapping mapping) {
            return replacedKey(mapping, depth);
        }
        if (tree instanceof Tree.Sequence sequence) {
            return replacedItem(sequence, depth);
        }
        throw new IllegalArgumentException(
                "override %s: %s is a single value and has nothing below it".formatted(text, upTo(depth)));
    }

    private Tree replacedKey(Tree.Mapping mapping, int depth) {
        String key = path.get(depth);
        Map<String, Tree> entries = new LinkedHashMap<>(mapping.entries());
        Tree old = entries.get(key);
        if (old == null) {
            throw new IllegalArgumentException("override %s: there is no key %s%s"
                    .formatted(text, upTo(depth + 1), Spelling.suggestion(key, entries.keySet())));
        }
        entries.put(key, replaced(old, depth + 1));
        return new Tree.Mapping(entries, mapping.place());
    }

    private Tree replacedItem(Tree.Sequence sequence, int depth) {
        int size = sequence.items().size();
        String index = path.get(depth);
        // At most six digits, so that parsing cannot overflow.
        if (!index.matches("[0-9]{1,6}") || Integer.parseInt(index) >= size) {
            throw new IllegalArgumentException("override %s: %s is a list of %d, so %s must be an index from 0 to %d"
                    .formatted(text, upTo(depth), size, index, size - 1));
        }
        List<Tree> items = new ArrayList<>(sequence.items());
        int i = Integer.parseInt(index);
        items.set(i, replaced(items.get(i), depth + 1));
        return new Tree.Sequence(items, sequence.place());
    }

    private String upTo(int depth) {
        return String.join(".", path.subList(0, depth));
    }
}
