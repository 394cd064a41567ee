package org.generalvision.upstream.head;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The regions of one image that the second stage is trained on.
 *
 * @param regions foreground first
 * @param objects of the image that are not crowds
 * @param matches for each region the place of its object, or {@link Matcher#BACKGROUND}
 */
record RegionSample(Regions regions, List<TrueInstance> objects, ImmutableIntArray matches) {

    /** Draws from proposals and the boxes of the objects themselves, for each image. */
    static List<RegionSample> of(
            List<Regions> proposals, TruthBatch truths, Matcher matcher, BalancedSampler sampler, NDManager manager) {
        List<RegionSample> samples = new ArrayList<>();
        for (int image = 0; image < proposals.size(); image++) {
            List<TrueInstance> objects = truths.single(image);
            Regions boxes = Regions.of(objects);
            Regions all = proposals.get(image).and(boxes);
            Regions crowds = Regions.of(truths.crowds(image));
            int[] matches = all.size() == 0
                    ? new int[0]
                    : matcher.match(all.array(manager, DataType.FLOAT64), boxes, crowds, false);
            int[] places = sampler.sample(matches, truths.draws().get(image).of("regions"));
            int[] chosen = IntStream.of(places).map(place -> matches[place]).toArray();
            samples.add(new RegionSample(all.pick(places), objects, ImmutableIntArray.copyOf(chosen)));
        }
        return samples;
    }

    int size() {
        return matches.length();
    }

    /** The object of a region of the foreground. */
    TrueInstance object(int region) {
        return objects.get(matches.get(region));
    }

    /** Only the regions whose object has a mask. */
    RegionSample withMasks() {
        int[] places = IntStream.range(0, size())
                .filter(i -> matches.get(i) >= 0 && object(i).mask() != null)
                .toArray();
        int[] chosen = IntStream.of(places).map(matches::get).toArray();
        return new RegionSample(regions.pick(places), objects, ImmutableIntArray.copyOf(chosen));
    }
}
