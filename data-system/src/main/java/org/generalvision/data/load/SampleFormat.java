package org.generalvision.data.load;

import java.util.List;

/** What a batch holds, and who reads it. */
public interface SampleFormat {
    /** The arrays of a batch. */
    List<Field> fields();

    /** A reader for one thread, closed by the loader. */
    SampleReader newReader();
}
