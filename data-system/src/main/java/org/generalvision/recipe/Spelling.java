package org.generalvision.recipe;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** What a user probably meant by a name that does not exist. */
public final class Spelling {
    private Spelling() {}

    /**
     * The end of a message about an unknown name: {@code "; did you mean steps?"} if a known one is close, otherwise the list
     * of all that are known.
     */
    public static String suggestion(String unknown, Collection<String> known) {
        if (known.isEmpty()) {
            return "; nothing is known here";
        }
        String closest = known.stream()
                .min(Comparator.comparingInt((String name) -> distance(fold(unknown), fold(name)))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
        // Half of the letters may be wrong; beyond that the closest name is no hint.
        if (distance(fold(unknown), fold(closest)) * 2 <= Math.max(unknown.length(), closest.length())) {
            return "; did you mean " + closest + "?";
        }
        return "; closest is %s, known are: %s"
                .formatted(closest, String.join(", ", known.stream().sorted().toList()));
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Levenshtein's distance: the least number of letters to insert, delete or replace. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
