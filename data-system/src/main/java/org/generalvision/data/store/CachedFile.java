package org.generalvision.data.store;

import java.util.regex.Pattern;

/**
 * A file that is wanted from afar.
 *
 * @param sha256 its checksum in lower-case hexadecimal, by which it is found again
 * @param bytes its size
 * @param origin where it comes from, for messages
 */
public record CachedFile(String sha256, long bytes, String origin) {
    static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
    static final Pattern PART = Pattern.compile("([0-9a-f]{64})\\.([0-9]{1,18})\\.part");

    public CachedFile {
        if (!NAME.matcher(sha256).matches()) {
            throw new IllegalArgumentException("sha256 must be 64 lower-case hex digits: " + sha256);
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative: " + bytes);
        }
    }

    /** Name of its unfinished copy, which says how large it is to become. */
    String partName() {
        return sha256 + "." + bytes + ".part";
    }
}
