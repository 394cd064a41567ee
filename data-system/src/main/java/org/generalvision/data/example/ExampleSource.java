package org.generalvision.data.example;

/** Examples by number. Safe for use by several threads. */
public interface ExampleSource extends AutoCloseable {
    long size();

    /**
     * One example.
     *
     * @param index from 0 to size - 1
     */
    Example get(long index);

    /**
     * Says that an example will be asked for soon, so that a source whose examples are far away can get them meanwhile. Returns
     * at once.
     *
     * @param index from 0 to size - 1
     */
    default void prefetch(long index) {}

    /** SHA-256 of the manifest, in hexadecimal: what a checkpoint's provenance and a feature cache are keyed by. */
    String hash();

    @Override
    void close();
}
