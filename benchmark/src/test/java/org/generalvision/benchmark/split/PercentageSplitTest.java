package org.generalvision.benchmark.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.generalvision.benchmark.split.PercentageSplit.Item;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentageSplitTest {
    private static final Map<String, Integer> CLASS_SIZES = Map.of("shoe", 1, "bag", 7, "shirt", 50, "coat", 333);

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    private static List<Item> items() {
        List<Item> items = new ArrayList<>();
        CLASS_SIZES.forEach((label, size) ->
                IntStream.range(0, size).forEach(i -> items.add(new Item(label + "/" + i + ".png", label))));
        return items;
    }

    private static Set<String> chosen(PercentageSplit split, List<Item> items) {
        return Arrays.stream(split.select(items))
                .mapToObj(i -> items.get(i).id())
                .collect(Collectors.toSet());
    }

    @ParameterizedTest(name = "{0} of {1} are {2}")
    @CsvSource({"0.01, 6000, 60", "0.1, 4, 1", "0.1, 25, 3", "0.29, 50, 15", "0.001, 1, 1", "1, 17, 17", "0.2, 7, 1"})
    void countsRoundHalvesUpAndNeverDropAClass(double fraction, int size, int expected) {
        assertThat(new PercentageSplit(fraction, 0).count(size)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyClassHasItsShare(long seed) {
        PercentageSplit split = new PercentageSplit(0.1, seed);
        List<Item> items = items();
        Map<String, Long> perClass = Arrays.stream(split.select(items))
                .mapToObj(i -> items.get(i).label())
                .collect(Collectors.groupingBy(label -> label, Collectors.counting()));
        assertThat(perClass).isEqualTo(Map.of("shoe", 1L, "bag", 1L, "shirt", 5L, "coat", 33L));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aSmallerShareLiesWithinALargerOne(long seed) {
        List<Item> items = items();
        Set<String> one = chosen(new PercentageSplit(0.01, seed), items);
        Set<String> ten = chosen(new PercentageSplit(0.1, seed), items);
        Set<String> twenty = chosen(new PercentageSplit(0.2, seed), items);
        assertThat(ten).containsAll(one).hasSizeGreaterThan(one.size());
        assertThat(twenty).containsAll(ten).hasSizeGreaterThan(ten.size());
    }

    @Test
    void theOrderOfTheFileDoesNotMatter() {
        List<Item> reversed = items();
        Collections.reverse(reversed);
        PercentageSplit split = new PercentageSplit(0.1, 3);
        assertThat(chosen(split, reversed)).isEqualTo(chosen(split, items()));
    }

    @Test
    void otherClassesDoNotMatter() {
        List<Item> coats =
                items().stream().filter(i -> i.label().equals("coat")).toList();
        PercentageSplit split = new PercentageSplit(0.1, 3);
        assertThat(chosen(split, items())).containsAll(chosen(split, coats));
    }

    @Test
    void anotherSeedChoosesOtherExamples() {
        assertThat(chosen(new PercentageSplit(0.1, 1), items()))
                .isNotEqualTo(chosen(new PercentageSplit(0.1, 2), items()));
    }

    @Test
    void positionsAscend() {
        assertThat(new PercentageSplit(0.2, 1).select(items())).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.01, 10, Double.NaN})
    void refusesSharesThatAreNone(double fraction) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PercentageSplit(fraction, 0))
                .withMessageContaining("above 0 and at most 1")
                .withMessageContaining(Double.toString(fraction));
    }

    @Test
    void refusesAnIdThatOccursTwice() {
        List<Item> items = List.of(new Item("a", "x"), new Item("a", "y"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PercentageSplit(0.5, 0).select(items))
                .withMessageContaining("id a");
    }
}
