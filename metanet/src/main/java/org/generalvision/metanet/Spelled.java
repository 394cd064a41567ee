package org.generalvision.metanet;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.generalvision.recipe.Spelling;

/** Constants in lines and recipes: the name in lower case, with hyphens. */
final class Spelled {
    private Spelled() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The constant that a text means, whatever its case. */
    static <E extends Enum<E>> E read(Class<E> type, String what, String text) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        return constants.stream()
                .filter(c -> of(c).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no " + what + " called '" + text + "'"
                        + Spelling.suggestion(
                                text, constants.stream().map(Spelled::of).toList())));
    }
}
