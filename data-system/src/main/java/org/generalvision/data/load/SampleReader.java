package org.generalvision.data.load;

import org.generalvision.data.example.Example;

/** Turns examples into rows of a batch; used by one thread at a time, and may hold scratch memory. */
public interface SampleReader extends AutoCloseable {
    /**
     * Writes one sample. The same example and the same draws must give the same bytes.
     *
     * @throws org.generalvision.data.augment.UnreadableSampleException if this sample is to be left out
     */
    void read(Example example, Draws draws, Row row);

    @Override
    void close();
}
