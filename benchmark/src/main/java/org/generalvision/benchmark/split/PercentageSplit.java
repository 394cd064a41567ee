package org.generalvision.benchmark.split;

import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A stratified share of a labelled set: n_c = max(1, round(p * N_c)) examples of each class c, halves rounded up. The examples
 * of a class are ranked by a hash of seed and id and the first n_c are taken, so a smaller share lies within a larger one of
 * the same seed, and neither the order of the examples nor those of other classes matter.
 *
 * @param fraction share p of each class, in (0, 1]
 * @param seed chooses among the shares of that size
 */
public record PercentageSplit(double fraction, long seed) {
    public PercentageSplit {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException("The share of a split must be above 0 and at most 1, but is " + fraction
                    + "; write 10 percent as 0.1");
        }
    }

    /** An example by its stable id, with its class. */
    public record Item(String id, String label) {}

    /**
     * The positions of the chosen items, ascending.
     *
     * @throws IllegalArgumentException if two items have the same id, because the choice would then depend on their order
     */
    public int[] select(List<Item> items) {
        Set<String> ids = new HashSet<>();
        ListMultimap<String, Ranked> byLabel =
                MultimapBuilder.hashKeys().arrayListValues().build();
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            if (!ids.add(item.id())) {
                throw new IllegalArgumentException("Two examples have the id " + item.id() + "; ids must be unique");
            }
            byLabel.put(item.label(), new Ranked(i, rank(item.id())));
        }
        return byLabel.asMap().values().stream()
                .map(this::first)
                .flatMapToInt(Arrays::stream)
                .sorted()
                .toArray();
    }

    /** How many of {@code classSize} examples of one class are taken. */
    public int count(int classSize) {
        // In decimal, so that 29 percent of 50 are 14.5 and not a little less.
        int rounded = BigDecimal.valueOf(fraction)
                .multiply(BigDecimal.valueOf(classSize))
                .setScale(0, RoundingMode.HALF_UP)
                .intValueExact();
        return Math.min(classSize, Math.max(1, rounded));
    }

    private int[] first(Collection<Ranked> ofOneClass) {
        return ofOneClass.stream()
                .sorted(Comparator.comparing(Ranked::hash))
                .limit(count(ofOneClass.size()))
                .mapToInt(Ranked::position)
                .toArray();
    }

    private String rank(String id) {
        HashCode hash = Hashing.sha256()
                .newHasher()
                .putLong(seed)
                .putString(id, StandardCharsets.UTF_8)
                .hash();
        return hash.toString();
    }

    private record Ranked(int position, String hash) {}
}
