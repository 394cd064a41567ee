package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.HorizontalFlip;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.augment.RandomResizedCrop;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.augment.Range;
import org.generalvision.data.view.MixedExamples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MixtureOrderTest {
    private static final LabelledImages FORMAT = new LabelledImages(
            new ImageView(
                    new RandomResizedCrop(12, 12, new Range(0.2, 1), new Range(0.75, 4 / 3.0)),
                    List.of(new HorizontalFlip(0.5)),
                    Pictures.identity(),
                    Background.WHITE),
            List.of("class0", "class1", "class2"));

    @TempDir
    private Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    private static MixedSource.Mixture mixture(long seed) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "test");
        List<MixedSource.Member> members = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(1 + (int) seed / 4); i++) {
            members.add(new MixedSource.Member(1 + random.nextInt(50), 1 + random.nextInt(9)));
        }
        return new MixedSource.Mixture(100, members);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aMemberSeesEachOfItsExamplesOnceInEachOfItsPasses(long seed) {
        MixedSource.Mixture mixture = mixture(seed);
        MixtureOrder order = new MixtureOrder(mixture, 4, seed);
        List<MixedSource.Member> members = mixture.members();
        Map<List<Long>, Set<Long>> seen =
                new TreeMap<>(java.util.Comparator.<List<Long>>comparingLong(key -> key.get(0))
                        .thenComparingLong(key -> key.get(1)));
        for (long k = 0; k < 1500; k++) {
            MixtureOrder.Draw draw = order.draw(k);
            List<Long> key = List.of((long) draw.member(), draw.pass());
            assertThat(seen.computeIfAbsent(key, x -> new HashSet<>()).add(draw.sample()))
                    .isTrue();
            long start = members.subList(0, draw.member()).stream()
                    .mapToLong(MixedSource.Member::size)
                    .sum();
            assertThat(draw.sample())
                    .isBetween(start, start + members.get(draw.member()).size() - 1);
            if (draw.pass() > 0) {
                // The pass before is whole.
                assertThat(seen.get(List.of((long) draw.member(), draw.pass() - 1)))
                        .hasSize((int) members.get(draw.member()).size());
            }
        }
    }

    @Test
    void passesOfAMemberHaveDifferentOrders() {
        MixtureOrder order = new MixtureOrder(
                new MixedSource.Mixture(100, List.of(new MixedSource.Member(40, 1), new MixedSource.Member(40, 1))),
                4,
                3);
        List<Long> first =
                LongStream.range(0, 80).mapToObj(k -> order.draw(k).sample()).toList();
        List<Long> second =
                LongStream.range(80, 160).mapToObj(k -> order.draw(k).sample()).toList();
        assertThat(first).isNotEqualTo(second).containsExactlyInAnyOrderElementsOf(second);
    }

    @Test
    void batchesAreTheDrawsOneAfterTheOtherAlsoOverTheEndOfAnEpoch() {
        MixedSource.Mixture mixture = mixture(17);
        MixtureOrder order = new MixtureOrder(mixture, 7, 5);
        assertThat(order.batchesPerEpoch()).isEqualTo(14);
        for (long batch = 0; batch < 40; batch++) {
            long[] samples = order.samples(batch);
            for (int row = 0; row < 7; row++) {
                assertThat(samples[row]).isEqualTo(order.draw(batch * 7 + row).sample());
                assertThat(order.pass(batch, row))
                        .isEqualTo(order.draw(batch * 7 + row).pass());
            }
            assertThat(order.epoch(batch)).isEqualTo(batch / 14);
        }
    }

    @Test
    void anEpochSmallerThanABatchIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MixtureOrder(mixture(3), 101, 1))
                .withMessageContaining("draws of an epoch");
    }

    private record Content(long step, long epoch, List<Long> ids, List<Float> pixels) {
        static Content of(Batch batch) {
            List<Float> pixels = new ArrayList<>();
            for (float value : batch.get("image").toFloatArray()) {
                pixels.add(value);
            }
            return new Content(batch.step(), batch.epoch(), batch.ids(), pixels);
        }
    }

    private List<Content> load(int workers, long from, int number) {
        MixedExamples source = new MixedExamples(
                24,
                List.of(
                        new MixedExamples.Part("few", MemorySource.ofPictures(3), 2),
                        new MixedExamples.Part("many", MemorySource.ofPictures(30), 3)));
        List<Content> contents = new ArrayList<>();
        Quarantine quarantine = new Quarantine(folder.resolve("quarantine.jsonl"), source.size(), 1);
        try (Loader loader = new Loader(source, FORMAT, new LoaderConfig(11, 6, workers, 3, 1), quarantine);
                NDManager manager = NDManager.newBaseManager()) {
            assertThat(loader.batchesPerEpoch()).isEqualTo(4);
            loader.seek(from);
            for (int i = 0; i < number; i++) {
                try (NDManager step = manager.newSubManager()) {
                    contents.add(Content.of(loader.next(step)));
                }
            }
        }
        return contents;
    }

    @Test
    void aLoaderOnAMixtureResumesExactlyWithAnyNumberOfWorkers() {
        List<Content> whole = load(1, 0, 10);
        assertThat(load(3, 0, 10)).isEqualTo(whole);
        assertThat(load(2, 6, 4)).isEqualTo(whole.subList(6, 10));
    }

    @Test
    void anExampleThatComesTwiceInAnEpochIsAugmentedAnew() {
        List<Content> epoch = load(2, 0, 4);
        int pixels = 3 * 12 * 12;
        Map<Long, Set<List<Float>>> versions = new TreeMap<>();
        Map<Long, Integer> times = new TreeMap<>();
        for (Content content : epoch) {
            for (int row = 0; row < content.ids().size(); row++) {
                List<Float> image = content.pixels().subList(row * pixels, (row + 1) * pixels);
                versions.computeIfAbsent(content.ids().get(row), id -> new HashSet<>())
                        .add(image);
                times.merge(content.ids().get(row), 1, Integer::sum);
            }
        }
        // 24 draws at 2 to 3 are 9 or 10 of the three examples of the first member.
        for (long few = 0; few < 3; few++) {
            assertThat(times.getOrDefault(few, 0)).isBetween(3, 4);
            assertThat(versions.get(few)).hasSize(times.getOrDefault(few, 0));
        }
    }
}
