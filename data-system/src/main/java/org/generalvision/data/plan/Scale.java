package org.generalvision.data.plan;

import org.generalvision.data.shard.ShardWriter;

/**
 * What is planned for.
 *
 * @param records how many, in 1..{@value #MAX_RECORDS}
 * @param bytesPerRecord mean size of an encoded image, at least 1
 * @param cores that work where a step can use several
 * @param shardBytes size at which a shard is closed
 */
public record Scale(long records, double bytesPerRecord, int cores, long shardBytes) {
    static final long MAX_RECORDS = 1_000_000_000_000L;

    public Scale {
        if (records < 1 || records > MAX_RECORDS) {
            throw new IllegalArgumentException("records must lie in 1..%d: %d".formatted(MAX_RECORDS, records));
        }
        if (!(bytesPerRecord >= 1 && bytesPerRecord <= ShardWriter.MAX_EXAMPLE_BYTES)) {
            throw new IllegalArgumentException("bytes per record must lie in 1..%d, the largest example: %s"
                    .formatted(ShardWriter.MAX_EXAMPLE_BYTES, bytesPerRecord));
        }
        if (cores < 1) {
            throw new IllegalArgumentException("cores must be positive: " + cores);
        }
        ShardWriter.requireTarget(shardBytes);
    }

    /** Bytes of all images as the source has them. */
    double sourceBytes() {
        return records * bytesPerRecord;
    }
}
