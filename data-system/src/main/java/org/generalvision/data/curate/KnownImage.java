package org.generalvision.data.curate;

import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a hash list says of one image.
 *
 * @param set that it belongs to, such as {@code fashion-test}
 * @param id its id there
 * @param sha256 hash of its encoded bytes, 64 hexadecimal digits
 * @param phash 64-bit perceptual hash ({@code gv data hashes} writes it), 16 hexadecimal digits
 */
public record KnownImage(String set, String id, String sha256, String phash) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern PHASH = Pattern.compile("[0-9a-f]{16}");

    public KnownImage {
        if (set.isBlank()) {
            throw new IllegalArgumentException("set must not be empty");
        }
        sha256 = sha256.toLowerCase(Locale.ROOT);
        phash = phash.toLowerCase(Locale.ROOT);
        require(SHA256, "sha256", sha256, 64);
        require(PHASH, "phash", phash, 16);
    }

    private static void require(Pattern pattern, String name, String value, int digits) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException("%s must be %d hexadecimal digits: %s".formatted(name, digits, value));
        }
    }

    long perceptualHash() {
        return HexFormat.fromHexDigitsToLong(phash);
    }
}
