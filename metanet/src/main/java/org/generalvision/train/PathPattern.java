package org.generalvision.train;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A pattern for dotted paths: {@code *} stands for any characters within one part, {@code **} for any number of parts (none
 * too), {@code {a,b}} for one of several. So {@code **.bias} matches {@code bias} and {@code stages.0.norm.bias}.
 */
final class PathPattern {
    private final Pattern regex;

    private PathPattern(Pattern regex) {
        this.regex = regex;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it holds an empty part or anything but letters, digits, _ - * { , }
     */
    static PathPattern of(String pattern) {
        String[] parts = pattern.split("\\.", -1);
        if (Arrays.stream(parts).anyMatch(p -> !p.matches("([\\w*-]|\\{[\\w*-]*(,[\\w*-]*)*\\})+"))
                || Arrays.stream(parts).anyMatch(p -> p.contains("**") && p.length() > 2)) {
            throw new IllegalArgumentException("Not a path pattern: '" + pattern
                    + "'; it has parts separated by dots, each of letters, digits, _ - * and {a,b}, or just **");
        }
        // Each part carries the dot before it, so that ** can stand for none; the subject gets a dot in front.
        return new PathPattern(
                Pattern.compile(Arrays.stream(parts).map(PathPattern::part).collect(Collectors.joining())));
    }

    private static String part(String part) {
        if (part.equals("**")) {
            return "(\\.[^.]+)*";
        }
        return "\\."
                + part.replace("*", "[^.]*").replace("{", "(").replace("}", ")").replace(",", "|");
    }

    boolean matches(String path) {
        return regex.matcher("." + path).matches();
    }
}
