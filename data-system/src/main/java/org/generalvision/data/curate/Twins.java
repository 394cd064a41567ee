package org.generalvision.data.curate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks sorted records and tells each one that begins as the one before it. A record is a find, and the index of its example: so
 * sorting puts the one that stays before its twins.
 */
public final class Twins {
    /** Bytes that twins have in common. */
    public static final int PREFIX = 32;

    /** Bytes of a find: what twins have in common, and a rank; the least stays. */
    public static final int FIND = PREFIX + Integer.BYTES;

    /** Bytes of a record. */
    public static final int RECORD = FIND + Long.BYTES;

    /** Bytes of a twin's index and that of the one that stays. */
    public static final int PAIR = 2 * Long.BYTES;

    private byte @Nullable [] first;

    /** Receives twins. */
    @FunctionalInterface
    public interface Sink {
        void accept(long twin, long stays);
    }

    /** The record of a find; the order of records is that of unsigned bytes. */
    public static byte[] record(byte[] find, long index) {
        if (find.length != FIND) {
            throw new IllegalStateException("A find must have %d bytes: %d".formatted(FIND, find.length));
        }
        return ByteBuffer.allocate(RECORD).put(find).putLong(index).array();
    }

    /** A find whose rank puts the greatest {@code value} first. */
    static byte[] find(byte[] prefix, int value) {
        return ByteBuffer.allocate(FIND)
                .put(prefix)
                .putInt(Integer.MAX_VALUE - value)
                .array();
    }

    /**
     * Takes the next record.
     *
     * @return the pair, if it is the twin of an earlier one; the order of pairs as unsigned bytes is that of the twins
     */
    public Optional<byte[]> next(byte[] record) {
        if (first == null || !Arrays.equals(first, 0, PREFIX, record, 0, PREFIX)) {
            first = record;
            return Optional.empty();
        }
        return Optional.of(ByteBuffer.allocate(PAIR)
                .putLong(ByteBuffer.wrap(record).getLong(FIND))
                .putLong(ByteBuffer.wrap(first).getLong(FIND))
                .array());
    }

    /** Hands over what a pair says. */
    public static void read(byte[] pair, Sink sink) {
        ByteBuffer buffer = ByteBuffer.wrap(pair);
        sink.accept(buffer.getLong(), buffer.getLong());
    }
}
