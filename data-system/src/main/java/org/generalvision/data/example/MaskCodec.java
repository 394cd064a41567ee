package org.generalvision.data.example;

import com.google.common.primitives.ImmutableIntArray;

/**
 * Run lengths as COCO's files hold them in one string, and how two masks overlap (common/maskApi.c of
 * github.com/cocodataset/cocoapi). From the fourth number on, the difference from the number two places before is written;
 * numbers are in groups of five bits, the lowest first, each a character from '0' on whose sixth bit says that more follow,
 * and whose fifth bit, in the last one, is the sign.
 */
public final class MaskCodec {
    private static final int BASE = '0';
    private static final int GROUP_BITS = 5;
    private static final int MORE = 0x20;
    private static final int SIGN = 0x10;
    private static final int MAX_GROUPS = 7;

    private MaskCodec() {}

    /**
     * Reads a string.
     *
     * @return counts of zeros and ones in turn; whether they fit an image, {@link Mask.RunLengths} checks
     * @throws IllegalArgumentException if it has characters of another kind, ends within a number, or a number is no count
     */
    public static ImmutableIntArray decode(String text) {
        int[] counts = new int[text.length()];
        int size = 0;
        int at = 0;
        while (at < text.length()) {
            long number = 0;
            int group;
            int shift = 0;
            do {
                group = at < text.length() ? text.charAt(at) - BASE : -1;
                if (group < 0 || group >= 2 * MORE || shift == MAX_GROUPS * GROUP_BITS) {
                    throw new IllegalArgumentException(
                            "Run lengths are broken at character %d of %d".formatted(at, text.length()));
                }
                number |= (long) (group & (MORE - 1)) << shift;
                shift += GROUP_BITS;
                at++;
            } while ((group & MORE) != 0);
            if ((group & SIGN) != 0) {
                number |= -1L << shift;
            }
            number += size > 2 ? counts[size - 2] : 0;
            if (number < 0 || number > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("Run lengths hold %d, which is no count".formatted(number));
            }
            counts[size++] = (int) number;
        }
        return ImmutableIntArray.copyOf(counts).subArray(0, size).trimmed();
    }

    /** Writes run lengths as a string. */
    public static String encode(ImmutableIntArray counts) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < counts.length(); i++) {
            long number = counts.get(i) - (i > 2 ? (long) counts.get(i - 2) : 0);
            boolean more = true;
            while (more) {
                int group = (int) (number & (MORE - 1));
                number >>= GROUP_BITS;
                more = (group & SIGN) != 0 ? number != -1 : number != 0;
                text.append((char) (BASE + (more ? group | MORE : group)));
            }
        }
        return text.toString();
    }

    /**
     * Intersection over union of two masks of one size; over the area of the first alone if the second is a crowd, because
     * then it is enough to lie within it. 0 where both are empty.
     */
    public static double overlap(Mask.RunLengths mask, Mask.RunLengths other, boolean crowd) {
        if (mask.height() != other.height() || mask.width() != other.width()) {
            throw new IllegalArgumentException("Masks of %d x %d and %d x %d pixels cannot overlap"
                    .formatted(mask.height(), mask.width(), other.height(), other.width()));
        }
        long intersection = intersection(mask.runs(), other.runs());
        long whole = crowd ? mask.area() : mask.area() + other.area() - intersection;
        return whole == 0 ? 0 : (double) intersection / whole;
    }

    /** Walks both at once, in steps of what is left of the shorter run. */
    private static long intersection(ImmutableIntArray a, ImmutableIntArray b) {
        long common = 0;
        int i = 0;
        int j = 0;
        int leftA = a.isEmpty() ? 0 : a.get(0);
        int leftB = b.isEmpty() ? 0 : b.get(0);
        while (i < a.length() && j < b.length()) {
            int step = Math.min(leftA, leftB);
            common += i % 2 == 1 && j % 2 == 1 ? step : 0;
            leftA -= step;
            leftB -= step;
            if (leftA == 0) {
                i++;
                leftA = i < a.length() ? a.get(i) : 0;
            }
            if (leftB == 0) {
                j++;
                leftB = j < b.length() ? b.get(j) : 0;
            }
        }
        return common;
    }
}
