package org.generalvision.data.label;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * What names are compared by: compatibility forms (NFKC) in lower case, where blanks, underscores and hyphens are one blank,
 * and periods and apostrophes are nothing. So {@code T-shirt}, {@code t_shirt} and {@code T shirt} are one name, and so
 * are {@code St. Bernard} and {@code st bernard}.
 */
final class NameKey {
    private static final int ASCII = 0x80;
    private static final byte DROPPED = 0;
    private static final byte[] FOLDED = folded();

    private NameKey() {}

    private static byte[] folded() {
        byte[] folded = new byte[ASCII];
        for (int c = 1; c < ASCII; c++) {
            folded[c] = (byte) Character.toLowerCase(c);
        }
        for (char blank : new char[] {'\t', '\n', '\r', '\f', '_', '-'}) {
            folded[blank] = ' ';
        }
        folded['.'] = DROPPED;
        folded['\''] = DROPPED;
        return folded;
    }

    static byte[] of(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return of(utf8, 0, utf8.length);
    }

    /** The key of the text in a range of bytes; the text itself if nothing of it is compared. */
    static byte[] of(byte[] utf8, int begin, int end) {
        for (int i = begin; i < end; i++) {
            if (utf8[i] < 0) {
                return ofUnicode(new String(utf8, begin, end - begin, StandardCharsets.UTF_8));
            }
        }
        return fold(utf8, begin, end);
    }

    private static byte[] ofUnicode(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replace('\u2019', '\'')
                .replace('\u2010', '-')
                .replace('\u2013', '-');
        byte[] utf8 = plain.getBytes(StandardCharsets.UTF_8);
        return fold(utf8, 0, utf8.length);
    }

    private static byte[] fold(byte[] utf8, int begin, int end) {
        byte[] key = new byte[end - begin];
        int length = 0;
        boolean blank = false;
        for (int i = begin; i < end; i++) {
            byte b = utf8[i] < 0 ? utf8[i] : FOLDED[utf8[i]];
            if (b == ' ') {
                blank = length > 0;
            } else if (b != DROPPED) {
                if (blank) {
                    key[length++] = ' ';
                    blank = false;
                }
                key[length++] = b;
            }
        }
        if (length == 0) {
            return Arrays.copyOfRange(utf8, begin, end);
        }
        return length == key.length ? key : Arrays.copyOf(key, length);
    }
}
