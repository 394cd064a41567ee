package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupsTest {
    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void groupsAreTheConnectedParts(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int size = random.nextInt(1 + 4 * (int) seed);
        Groups groups = new Groups(size);
        // By definition: equal labels; joining renames one label everywhere.
        int[] labels = new int[size];
        Arrays.setAll(labels, i -> i);
        for (int join = 0; join < size / 2; join++) {
            int a = random.nextInt(size);
            int b = random.nextInt(size);
            groups.join(a, b);
            int from = labels[b];
            int to = labels[a];
            Arrays.setAll(labels, i -> labels[i] == from ? to : labels[i]);
        }
        TreeMap<Integer, List<Integer>> byFirst = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            int first = 0;
            while (labels[first] != labels[i]) {
                first++;
            }
            byFirst.computeIfAbsent(first, key -> new ArrayList<>()).add(i);
        }
        byFirst.values().removeIf(members -> members.size() == 1);
        List<List<Integer>> found = new ArrayList<>();
        groups.forEach(members -> found.add(Arrays.stream(members).boxed().toList()));
        assertThat(found).isEqualTo(List.copyOf(byFirst.values()));
    }
}
