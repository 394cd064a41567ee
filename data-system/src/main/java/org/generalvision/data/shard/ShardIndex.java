package org.generalvision.data.shard;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checksums of the parts of a shard, which its footer holds: of the head, that is all bytes before the first record batch, and
 * of each record batch. The manifest vouches for the footer, hence for every part, so that a random read need not wait until
 * the whole file is compared with its checksum.
 *
 * @param head SHA-256 of the head in lower-case hexadecimal
 * @param batches the record batches in their order
 */
record ShardIndex(String head, List<Batch> batches) {
    private static final String KEY = "generalvision.checksums";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern BATCH = Pattern.compile("([1-9][0-9]{0,9}):([0-9a-f]{64})");

    ShardIndex {
        batches = List.copyOf(batches);
    }

    /**
     * One record batch.
     *
     * @param rows examples in it
     * @param sha256 checksum of its message and its body
     */
    record Batch(int rows, String sha256) {
        private static Batch parse(String text) {
            Matcher matcher = BATCH.matcher(text);
            if (!matcher.matches() || Long.parseLong(matcher.group(1)) > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("its footer has no rows and checksum of a record batch: " + text);
            }
            return new Batch(Integer.parseInt(matcher.group(1)), matcher.group(2));
        }

        @Override
        public String toString() {
            return rows + ":" + sha256;
        }
    }

    /** Writes the index into the metadata of a footer. */
    void writeTo(Map<String, String> metadata) {
        List<String> parts = new ArrayList<>(List.of(head));
        batches.forEach(batch -> parts.add(batch.toString()));
        metadata.put(KEY, String.join(",", parts));
    }

    /**
     * Reads the index from the metadata of a footer.
     *
     * @throws IllegalArgumentException if there is none, or it is malformed
     */
    static ShardIndex readFrom(Map<String, String> metadata) {
        List<String> parts = Splitter.on(',').splitToList(metadata.getOrDefault(KEY, ""));
        if (!SHA256.matcher(parts.get(0)).matches()) {
            throw new IllegalArgumentException("its footer lacks the checksum of the file's head");
        }
        return new ShardIndex(
                parts.get(0),
                parts.subList(1, parts.size()).stream().map(Batch::parse).toList());
    }
}
