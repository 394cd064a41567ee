package org.generalvision.recipe;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a single value is read as a Java type: strictly, so that {@code yes} is no boolean and {@code 1.0} no integer. */
sealed interface ScalarType {
    /** What is expected, for messages, such as {@code a whole number}. */
    String expectation();

    /** The value of plain text; null stands for "not of this type" and is turned into an error by {@link #read}. */
    @Nullable
    Object parse(Tree.Scalar scalar);

    /** The value of a node, or an error that says what is expected. */
    default Object read(Typed node) {
        Object value = node.tree() instanceof Tree.Scalar scalar ? parse(scalar) : null;
        if (value == null) {
            throw node.error("must be " + expectation() + ", not " + node.tree().describe());
        }
        return value;
    }

    static ScalarType of(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return new Whole(true);
        }
        if (type == long.class || type == Long.class) {
            return new Whole(false);
        }
        if (type == double.class || type == Double.class) {
            return new Real();
        }
        if (type == boolean.class || type == Boolean.class) {
            return new Truth();
        }
        if (type == String.class) {
            return new Text();
        }
        if (type == Path.class) {
            return new File();
        }
        if (type.isEnum()) {
            return new Choice(List.of((Enum<?>[]) type.getEnumConstants()));
        }
        Method parse = Notation.parser(type);
        if (parse != null) {
            return new Notation(parse);
        }
        throw new IllegalStateException("A recipe cannot hold a " + type.getName());
    }

    /** int, or long if not {@code narrow}; digits may be grouped by underscores. */
    record Whole(boolean narrow) implements ScalarType {
        private static final Pattern FORM = Pattern.compile("[-+]?[0-9]+(_[0-9]+)*");

        @Override
        public String expectation() {
            return narrow
                    ? "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE
                    : "a whole number of at most 64 bits";
        }

        @Override
        public @Nullable Object parse(Tree.Scalar scalar) {
            String text = scalar.text();
            if (scalar.quoted() || text.length() > 32 || !FORM.matcher(text).matches()) {
                return null;
            }
            BigInteger value = new BigInteger(text.replace("_", "").replace("+", ""));
            if (value.bitLength() >= (narrow ? Integer.SIZE : Long.SIZE)) {
                return null;
            }
            return narrow ? (Object) value.intValueExact() : (Object) value.longValueExact();
        }
    }

    /** A finite double. */
    record Real() implements ScalarType {
        private static final Pattern FORM =
                Pattern.compile("[-+]?([0-9]+(_[0-9]+)*\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");

        @Override
        public String expectation() {
            return "a finite number";
        }

        @Override
        public @Nullable Object parse(Tree.Scalar scalar) {
            String text = scalar.text();
            if (scalar.quoted() || text.length() > 64 || !FORM.matcher(text).matches()) {
                return null;
            }
            double value = Double.parseDouble(text.replace("_", ""));
            return Double.isFinite(value) ? value : null;
        }
    }

    /** true or false. */
    record Truth() implements ScalarType {
        @Override
        public String expectation() {
            return "true or false";
        }

        @Override
        public @Nullable Object parse(Tree.Scalar scalar) {
            if (scalar.quoted()) {
                return null;
            }
            return switch (scalar.text()) {
                case "true" -> true;
                case "false" -> false;
                default -> null;
            };
        }
    }

    /** Any text. */
    record Text() implements ScalarType {
        @Override
        public String expectation() {
            return "text";
        }

        @Override
        public Object parse(Tree.Scalar scalar) {
            return scalar.text();
        }
    }

    /** A value with a notation of its own, which its type's public {@code parse} reads. */
    record Notation(Method parse) implements ScalarType {
        /** The method {@code public static T parse(String)} of a type T, or null. */
        static @Nullable Method parser(Class<?> type) {
            return Arrays.stream(type.getMethods())
                    .filter(m -> m.getName().equals("parse") && Modifier.isStatic(m.getModifiers()))
                    .filter(m -> m.getReturnType() == type && Arrays.equals(m.getParameterTypes(), STRING))
                    .findFirst()
                    .orElse(null);
        }

        private static final Class<?>[] STRING = {String.class};

        @Override
        public String expectation() {
            return "the text of " + parse.getReturnType().getSimpleName();
        }

        @Override
        public Object parse(Tree.Scalar scalar) {
            try {
                return parse.invoke(null, scalar.text());
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof IllegalArgumentException refused) {
                    throw refused;
                }
                throw new IllegalStateException("Reading '" + scalar.text() + "' failed", e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(parse + " cannot be called", e);
            }
        }

        @Override
        public Object read(Typed node) {
            try {
                return ScalarType.super.read(node);
            } catch (IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                throw message.startsWith(node.tree().place()) ? e : node.error(": " + message, e);
            }
        }
    }

    /** A file or directory. */
    record File() implements ScalarType {
        @Override
        public String expectation() {
            return "a path";
        }

        @Override
        public @Nullable Object parse(Tree.Scalar scalar) {
            try {
                return Path.of(scalar.text());
            } catch (InvalidPathException e) {
                return null;
            }
        }
    }

    /** One of an enum's constants, written in lower case with hyphens. */
    record Choice(List<Enum<?>> constants) implements ScalarType {
        @Override
        public String expectation() {
            return "one of: "
                    + String.join(", ", constants.stream().map(Choice::spelled).toList());
        }

        @Override
        public @Nullable Object parse(Tree.Scalar scalar) {
            return constants.stream()
                    .filter(c -> spelled(c).equals(scalar.text()) || c.name().equals(scalar.text()))
                    .findFirst()
                    .orElse(null);
        }

        private static String spelled(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
