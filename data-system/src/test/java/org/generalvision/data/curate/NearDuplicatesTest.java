package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.generalvision.data.augment.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NearDuplicatesTest {
    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    @Test
    void theLargestStaysThenTheBestAnnotatedThenTheFirst() {
        BufferedImage photo = Pictures.photo(3, 200, 260);
        BufferedImage other = Pictures.photo(4, 200, 260);
        Path directory = Shards.write(
                folder.resolve("shards"),
                List.of(
                        Shards.example(
                                "small", Pictures.png(PerceptualHashTest.resized(photo, 130, 100)), List.of("a")),
                        Shards.example("jpeg", Pictures.jpeg(photo), List.of()),
                        Shards.example("png", Pictures.png(photo), List.of("a")),
                        Shards.example("broken", Shards.bytes("x"), List.of()),
                        Shards.example("broken too", Shards.bytes("y"), List.of()),
                        Shards.example("other", Pictures.png(other), List.of()),
                        Shards.example("other again", Pictures.png(other), List.of())));
        try (CurationStep step = CurationStep.begin(directory, "near-duplicates", Map.of(), false)) {
            new NearDuplicates(4).run(step, CurationEngine.oneProcess(), () -> {});
            CurationStep.Outcome outcome = step.finish();
            assertThat(outcome.reasons()).isEqualTo(Map.of("looks the same", 3L));
            assertThat(outcome.first().get(0).evidence())
                    .containsEntry("kept", "png")
                    .containsEntry("keptIndex", 2L);
        }
        assertThat(Shards.ids(directory)).containsExactly("png", "broken", "broken too", "other");
    }

    /** What stays is pairwise apart within a group's reach, and each removal is near the twin it names. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatGoesIsNearWhatStaysAndWhatStaysIsApart(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        long[] hashes = new long[1 + 15 * (int) seed];
        for (int i = 0; i < hashes.length; i++) {
            // A walk of few flips: chains whose ends are far apart, and repeats.
            hashes[i] = i == 0 ? random.nextLong() : hashes[random.nextInt(i)];
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                hashes[i] ^= 1L << random.nextInt(64);
            }
        }
        boolean[] gone = new boolean[hashes.length];
        for (int[] pair : NearDuplicates.removals(hashes, 3, Comparator.reverseOrder())) {
            gone[pair[0]] = true;
            assertThat(pair[1]).isGreaterThan(pair[0]);
            assertThat(Long.bitCount(hashes[pair[0]] ^ hashes[pair[1]])).isLessThanOrEqualTo(3);
        }
        for (int[] pair : NearDuplicates.removals(hashes, 3, Comparator.reverseOrder())) {
            assertThat(gone[pair[1]]).isFalse();
        }
        for (int i = 0; i < hashes.length; i++) {
            for (int j = i + 1; j < hashes.length; j++) {
                assertThat(!gone[i] && !gone[j] && Long.bitCount(hashes[i] ^ hashes[j]) <= 3)
                        .isFalse();
            }
        }
    }
}
