package org.generalvision.upstream.head;

import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.data.load.Draws;

/** Batches of objects for tests. */
final class Truths {
    private Truths() {}

    /** Images of one size with these objects, drawing from the streams of a step. */
    static TruthBatch of(int height, int width, long step, List<List<TrueInstance>> objects) {
        List<Draws> draws = IntStream.range(0, objects.size())
                .mapToObj(i -> new Draws(1, step, i))
                .toList();
        return new TruthBatch(ImageSizes.of(objects.size(), height, width), objects, draws);
    }
}
