package org.generalvision.metanet;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the line of an {@link Architecture}. */
final class ArchitectureLine {
    static final String STEM = "stem";
    static final String HEAD = "head";

    private static final int MAX_LENGTH = 4096;
    private static final Splitter LETTERS = Splitter.fixedLength(1);
    private static final Pattern NUMBER = Pattern.compile("([a-z])(.+)");
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,6}");
    private static final Pattern RATE = Pattern.compile("[0-9]+(\\.[0-9]+)?([eE]-?[0-9]+)?");

    private ArchitectureLine() {}

    static Architecture parse(String line) {
        if (line.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("An architecture is a line of at most %,d characters, not %,d"
                    .formatted(MAX_LENGTH, line.length()));
        }
        List<String> parts = Splitter.onPattern("\\s+").omitEmptyStrings().splitToList(line.strip());
        if (parts.size() < 3) {
            throw new IllegalArgumentException("The architecture '" + line + "' needs a stem, stages and a head, as in"
                    + " 'stem_c32 mbconv_e4_s2_r2_c48 head_c1280'");
        }
        Part stem = Part.of(parts.get(0)).called(STEM).having("c", "");
        Part head = Part.of(parts.get(parts.size() - 1)).called(HEAD).having("c", "d");
        List<Stage> stages = new ArrayList<>();
        for (String part : parts.subList(1, parts.size() - 1)) {
            stages.add(stage(Part.of(part).having("esrc", "hw")));
        }
        return new Architecture(stem.whole("c"), stages, head.whole("c"), head.rate("d"));
    }

    private static Stage stage(Part part) {
        int plus = part.name.indexOf('+');
        Downsampling downsampling = plus < 0
                ? Downsampling.IN_BLOCK
                : part.explained(
                        () -> Spelled.read(Downsampling.class, "down-sampling module", part.name.substring(0, plus)));
        Operator operator = part.explained(() -> operator(part.name.substring(plus + 1)));
        return part.explained(() -> new Stage(
                downsampling,
                operator,
                part.whole("e"),
                part.whole("s"),
                part.whole("r"),
                part.whole("c"),
                part.whole("h"),
                part.whole("w")));
    }

    /** UniNet's DWConv and MetaNet's MBConv are one block under two names. */
    private static Operator operator(String name) {
        return name.equalsIgnoreCase("dwconv") ? Operator.MBCONV : Spelled.read(Operator.class, "operator", name);
    }

    /** A name and its numbers by their letters. */
    private record Part(String text, String name, Map<String, String> numbers) {
        static Part of(String text) {
            List<String> pieces = Splitter.on('_').splitToList(text);
            Map<String, String> numbers = new LinkedHashMap<>();
            for (String piece : pieces.subList(1, pieces.size())) {
                Matcher matcher = NUMBER.matcher(piece);
                if (!matcher.matches() || numbers.put(matcher.group(1), matcher.group(2)) != null) {
                    throw new IllegalArgumentException(
                            "In '%s', '%s' is not a letter with a number, or its letter twice".formatted(text, piece));
                }
            }
            return new Part(text, pieces.get(0), numbers);
        }

        Part called(String expected) {
            if (!name.equals(expected)) {
                throw new IllegalArgumentException(
                        "'%s' stands where the %s must be, such as '%s_c32'".formatted(text, expected, expected));
            }
            return this;
        }

        /** With exactly the numbers of some letters, and perhaps those of others. */
        Part having(String needed, String possible) {
            Set<String> present = numbers.keySet();
            for (String letter : LETTERS.split(needed)) {
                if (!present.contains(letter)) {
                    throw new IllegalArgumentException("'%s' lacks the number %s".formatted(text, letter));
                }
            }
            for (String letter : present) {
                if (!(needed + possible).contains(letter)) {
                    throw new IllegalArgumentException("'%s' has the number %s, but only these are known there: %s"
                            .formatted(text, letter, String.join(" ", LETTERS.split(needed + possible))));
                }
            }
            return this;
        }

        /** A whole number, or 0 if it is not there. */
        int whole(String letter) {
            String number = numbers.get(letter);
            if (number == null) {
                return 0;
            }
            if (!WHOLE.matcher(number).matches()) {
                throw new IllegalArgumentException(
                        "In '%s', %s must be a whole number of at most six digits: %s".formatted(text, letter, number));
            }
            return Integer.parseInt(number);
        }

        double rate(String letter) {
            String number = numbers.get(letter);
            if (number == null) {
                return 0;
            }
            if (number.length() > 24 || !RATE.matcher(number).matches()) {
                throw new IllegalArgumentException(
                        "In '%s', %s must be a rate such as 0.3: %s".formatted(text, letter, number));
            }
            return Double.parseDouble(number);
        }

        /** A result, or the refusal with the part that it is about. */
        <T> T explained(Supplier<T> result) {
            try {
                return result.get();
            } catch (IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                throw message.contains(text) ? e : new IllegalArgumentException("In '" + text + "': " + message, e);
            }
        }
    }
}
