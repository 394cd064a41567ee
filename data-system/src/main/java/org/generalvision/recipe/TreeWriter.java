package org.generalvision.recipe;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a tree as YAML that reads back as the same tree: block style, with lists of plain values on one line. */
final class TreeWriter {
    /** Text that is safe without quotes wherever it stands: no sign of YAML in it, no blank at its ends. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+~-]([A-Za-z0-9_./+ -]*[A-Za-z0-9_./+-])?");

    private final StringBuilder out = new StringBuilder();

    private TreeWriter() {}

    static String write(Tree tree) {
        TreeWriter writer = new TreeWriter();
        writer.block(tree, 0);
        return writer.out.toString();
    }

    /** Writes a node that starts on a line of its own. */
    private void block(Tree tree, int indent) {
        if (isShort(tree)) {
            indent(indent).append(inline(tree)).append('\n');
        } else if (tree instanceof Tree.Mapping mapping) {
            for (Map.Entry<String, Tree> entry : mapping.entries().entrySet()) {
                indent(indent).append(key(entry.getKey())).append(':');
                value(entry.getValue(), indent);
            }
        } else if (tree instanceof Tree.Sequence sequence) {
            for (Tree item : sequence.items()) {
                indent(indent).append('-');
                value(item, indent);
            }
        }
    }

    /** Writes what follows a key or a dash. */
    private void value(Tree tree, int indent) {
        if (isShort(tree)) {
            out.append(' ').append(inline(tree)).append('\n');
        } else {
            out.append('\n');
            block(tree, indent + 2);
        }
    }

    private StringBuilder indent(int indent) {
        return out.append(" ".repeat(indent));
    }

    private static boolean isShort(Tree tree) {
        if (tree instanceof Tree.Sequence sequence) {
            return sequence.items().stream().allMatch(item -> item instanceof Tree.Scalar);
        }
        return tree instanceof Tree.Scalar || ((Tree.Mapping) tree).entries().isEmpty();
    }

    private static String inline(Tree tree) {
        if (tree instanceof Tree.Scalar scalar) {
            return scalar(scalar);
        }
        if (tree instanceof Tree.Sequence sequence) {
            List<String> items =
                    sequence.items().stream().map(TreeWriter::inline).toList();
            return "[" + String.join(", ", items) + "]";
        }
        return "{}";
    }

    private static String scalar(Tree.Scalar scalar) {
        if (scalar.isNull()) {
            return "null";
        }
        return scalar.quoted() || !isPlain(scalar.text()) ? quote(scalar.text()) : scalar.text();
    }

    private static String key(String key) {
        return isPlain(key) ? key : quote(key);
    }

    private static boolean isPlain(String text) {
        return PLAIN.matcher(text).matches() && !text.equals("-") && !text.startsWith("- ") && !text.startsWith("---");
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
