package org.generalvision.data.plan;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;

/**
 * Records that costs are measured on, held in memory.
 *
 * @param examples sorted by the size of their images, all of which can be read
 */
record SampleRecords(List<Example> examples) {
    static final int FEWEST = 64;
    private static final int MOST = 4096;
    private static final long MOST_BYTES = 256L << 20;
    private static final int GROUPS = 8;

    SampleRecords {
        examples = List.copyOf(examples);
        if (examples.size() < FEWEST) {
            throw new IllegalArgumentException(
                    "Costs are measured on at least %d readable images, here are %d: name a larger collection"
                            .formatted(FEWEST, examples.size()));
        }
    }

    /** The first records that fit; their hashes are left out, so that these are computed when that is measured. */
    static SampleRecords of(Iterator<Example> source) {
        List<Example> examples = new ArrayList<>();
        long bytes = 0;
        while (source.hasNext() && examples.size() < MOST && bytes < MOST_BYTES) {
            Example example = source.next();
            if (isReadable(example)) {
                examples.add(copy(example));
                bytes += example.image().remaining();
            }
        }
        examples.sort(Comparator.comparingInt(example -> example.image().remaining()));
        return new SampleRecords(examples);
    }

    private static boolean isReadable(Example example) {
        try {
            ImageHeader.parse(example.image());
            return true;
        } catch (UnreadableSampleException e) {
            return false;
        }
    }

    private static Example copy(Example example) {
        ByteBuffer image = ByteBuffer.allocate(example.image().remaining());
        image.put(example.image().duplicate()).flip();
        return Example.builder(example.id(), image, example.source(), example.licence())
                .captions(example.captions())
                .labels(example.labels())
                .absentLabels(example.absentLabels())
                .boxes(example.boxes())
                .masks(example.masks())
                .depth(example.depth())
                .build();
    }

    /** Records of similar size, from the smallest to the largest. */
    List<List<Example>> groups() {
        List<List<Example>> groups = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            groups.add(examples.subList(group * examples.size() / GROUPS, (group + 1) * examples.size() / GROUPS));
        }
        return groups;
    }

    static double meanBytes(List<Example> examples) {
        return examples.stream()
                .mapToInt(example -> example.image().remaining())
                .average()
                .orElseThrow();
    }
}
