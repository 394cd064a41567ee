package org.generalvision.data.source;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keys that have occurred, by 64-bit hashes in at most 22 bytes each. Two of a million keys share a hash with a probability
 * of 3e-8, which costs one of them its place.
 */
public final class SeenKeys {
    private long[] slots = new long[1024];
    private int size;

    /** Whether a key is new. */
    public boolean add(String key) {
        long hash = Hashing.sipHash24().hashString(key, StandardCharsets.UTF_8).asLong();
        if (3L * (size + 1) > 2L * slots.length) {
            grow();
        }
        // Zero means an empty slot.
        if (insert(slots, hash == 0 ? 1 : hash)) {
            size++;
            return true;
        }
        return false;
    }

    /** Keys that have occurred. */
    public int size() {
        return size;
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(2, slots.length)];
        Arrays.stream(slots).filter(hash -> hash != 0).forEach(hash -> insert(larger, hash));
        slots = larger;
    }

    private static boolean insert(long[] slots, long hash) {
        int mask = slots.length - 1;
        int at = (int) hash & mask;
        while (slots[at] != 0) {
            if (slots[at] == hash) {
                return false;
            }
            at = (at + 1) & mask;
        }
        slots[at] = hash;
        return true;
    }
}
