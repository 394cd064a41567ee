package org.generalvision.data.source;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Licences as collections state them. */
final class Licences {
    private static final Pattern CREATIVE_COMMONS =
            Pattern.compile("https?://creativecommons\\.org/licenses/([a-z-]+)/([0-9.]+).*");
    private static final Pattern ZERO = Pattern.compile("https?://creativecommons\\.org/publicdomain/zero/([0-9.]+).*");

    private Licences() {}

    /** The SPDX identifier of an address of Creative Commons, else the name as it is, else the address. */
    static String spdx(String address, String name) {
        String url = address.strip();
        Matcher commons = CREATIVE_COMMONS.matcher(url);
        if (commons.matches()) {
            return "CC-" + commons.group(1).toUpperCase(Locale.ROOT) + "-" + commons.group(2);
        }
        Matcher zero = ZERO.matcher(url);
        if (zero.matches()) {
            return "CC0-" + zero.group(1);
        }
        return name.isBlank() ? url : name.strip();
    }
}
