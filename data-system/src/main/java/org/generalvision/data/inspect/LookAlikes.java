package org.generalvision.data.inspect;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.data.curate.NearDuplicates;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;

/**
 * Groups of images that look the same, among all examples or, of very many, among some that are spread evenly.
 *
 * @param examined examples that were compared
 * @param inGroups of them, how many look like another
 * @param groups indices of examples, the largest group first
 */
record LookAlikes(long examined, long inGroups, List<long[]> groups) {
    /**
     * Looks for groups.
     *
     * @param distance bits in which the perceptual hashes of neighbors may differ
     * @param limit most examples that are compared
     * @param progress runs once for each of them
     */
    static LookAlikes of(ExampleSource source, int distance, long limit, Runnable progress) {
        Spread spread = new Spread(source, Math.min(limit, source.size()));
        List<long[]> groups = new NearDuplicates(distance)
                .groups(spread, progress).stream()
                        .map(group ->
                                IntStream.of(group).mapToLong(spread::place).toArray())
                        .sorted(Comparator.comparingInt((long[] group) -> -group.length)
                                .thenComparingLong(group -> group[0]))
                        .toList();
        long inGroups = groups.stream().mapToLong(group -> group.length).sum();
        return new LookAlikes(spread.size(), inGroups, groups);
    }

    /** Some examples of a source, evenly spread. */
    private record Spread(ExampleSource source, long size) implements ExampleSource {
        /** Where an example lies in the source. */
        long place(long index) {
            return size == source.size() ? index : (long) ((double) index / size * source.size());
        }

        @Override
        public Example get(long index) {
            return source.get(place(index));
        }

        @Override
        public String hash() {
            return source.hash();
        }

        /** The source belongs to whoever opened it. */
        @Override
        public void close() {}
    }
}
