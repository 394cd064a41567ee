package org.generalvision.data.shard;

/** One kind of value in the vectors that hold it. Values are written in order and stand at positions from 0. */
interface Column<T> {
    void write(int at, T value);

    /**
     * The value at a position.
     *
     * @throws RuntimeException if the vectors hold none there
     */
    T read(int at);
}
