package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.common.hash.Hashing;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterCorpusTest {
    private static final List<String> CLIP_ART = List.of("clipart-train", "clipart-validation", "clipart-test");

    @TempDir
    static Path cache = Path.of("set by JUnit");

    private static final Map<String, List<Example>> CORPUS = new TreeMap<>();

    @BeforeAll
    static void readAll() {
        for (String split : StarterCorpus.splits()) {
            // Images stay valid after the close: they hold the mapping.
            try (ExampleSource source = StarterCorpus.open(split, cache)) {
                CORPUS.put(
                        split,
                        LongStream.range(0, source.size()).mapToObj(source::get).toList());
            }
        }
    }

    @Test
    void thereAreAtLeastThreeThousandImageTextPairsIn25ClassesOfTwenty() {
        List<Example> clipArt = clipArt().toList();
        assertThat(clipArt).hasSizeGreaterThanOrEqualTo(3000);
        assertThat(clipArt).allMatch(example -> !example.captions().isEmpty());
        Multiset<String> classes = HashMultiset.create();
        clipArt.forEach(example -> classes.addAll(example.labels()));
        assertThat(classes.entrySet().stream().filter(entry -> entry.getCount() >= 20))
                .hasSizeGreaterThanOrEqualTo(25);
    }

    @Test
    void noTitleIsOnTwoSidesOfTheSplit() {
        Map<TitleKey, String> sides = new HashMap<>();
        List<String> leaks = new ArrayList<>();
        for (String split : CLIP_ART) {
            for (Example example : examples(split)) {
                TitleKey key = TitleKey.of(example.captions().get(0).text());
                String side = sides.putIfAbsent(key, split);
                if (side != null && !side.equals(split)) {
                    leaks.add(key.value());
                }
                assertThat("clipart-" + key.split().lowerName())
                        .as(example.id())
                        .isEqualTo(split);
            }
        }
        assertThat(leaks).isEmpty();
        assertThat(sides.size()).isGreaterThan(1500);
    }

    @Test
    void noPictureOccursTwiceInTheClipArt() throws IOException {
        Map<String, String> seen = new HashMap<>();
        for (Example example : clipArt().toList()) {
            BufferedImage image = Pixels.decode(example.image());
            int[] argb = image.getRGB(0, 0, 96, 96, null, 0, 96);
            var hasher = Hashing.sha256().newHasher();
            for (int pixel : argb) {
                hasher.putInt(pixel);
            }
            assertThat(seen.put(hasher.hash().toString(), example.id()))
                    .as("the pixels of %s", example.id())
                    .isNull();
        }
    }

    @Test
    void noFileOfClipArtIsOnTwoSides() {
        assertThat(clipArt().map(Example::id)).doesNotHaveDuplicates();
    }

    @Test
    void clipArtIsSquareWithAlphaAndInThePublicDomain() throws IOException {
        for (Example example : examples("clipart-validation")) {
            BufferedImage image = Pixels.decode(example.image());
            assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(96, 96);
            assertThat(image.getColorModel().hasAlpha()).isTrue();
        }
        assertThat(clipArt()).allMatch(example -> example.licence().equals("CC-PDDC"));
    }

    @Test
    void captionsAreMoreThanOneWordAlmostAlways() {
        long single = clipArt()
                .filter(example -> !example.captions().get(0).text().contains(" "))
                .count();
        assertThat(single).isLessThan(300);
    }

    @Test
    void fashionHasItsWholeTestSplitAndAFifthOfEachTrainingClass() throws IOException {
        assertThat(byLabel("fashion-test"))
                .hasSize(10)
                .allSatisfy((label, count) -> assertThat(count).isEqualTo(1000));
        assertThat(byLabel("fashion-train"))
                .hasSize(10)
                .allSatisfy((label, count) -> assertThat(count).isEqualTo(1200));
        assertThat(byLabel("fashion-test").keySet())
                .isEqualTo(byLabel("fashion-train").keySet());
        BufferedImage image = Pixels.decode(examples("fashion-train").get(7).image());
        assertThat(List.of(
                        image.getWidth(), image.getHeight(), image.getRaster().getNumBands()))
                .containsExactly(28, 28, 1);
        assertThat(examples("fashion-train"))
                .allMatch(example -> example.licence().equals("MIT"));
    }

    @Test
    void theWholeCorpusTakesAtMost24Megabytes() throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            assertThat(files.filter(Files::isRegularFile)
                            .mapToLong(file -> file.toFile().length())
                            .sum())
                    .isBetween(10_000_000L, 24_000_000L);
        }
    }

    @Test
    void aGoodCopyIsUsedAgainAndADamagedOneReplaced(@TempDir Path folder) throws IOException {
        StarterCorpus.open("clipart-validation", folder).close();
        Path shard = folder.resolve("clipart-validation/00000.arrow");
        Object first = Files.getAttribute(shard, "unix:ino");
        StarterCorpus.open("clipart-validation", folder).close();
        assertThat(Files.getAttribute(shard, "unix:ino")).isEqualTo(first);
        try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        try (ExampleSource source = StarterCorpus.open("clipart-validation", folder)) {
            assertThat(source.get(3)).isEqualTo(examples("clipart-validation").get(3));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(folder.resolve("clipart-validation"));
        }
    }

    @Test
    void anUnknownSplitIsRefusedWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StarterCorpus.open("clipart", cache))
                .withMessageContainingAll("no split clipart", "clipart-train", "fashion-test");
    }

    private static List<Example> examples(String split) {
        return CORPUS.getOrDefault(split, List.of());
    }

    private static Stream<Example> clipArt() {
        return CLIP_ART.stream().flatMap(split -> examples(split).stream());
    }

    private static Map<String, Integer> byLabel(String split) {
        Map<String, Integer> counts = new TreeMap<>();
        examples(split).forEach(example -> counts.merge(example.labels().get(0), 1, Integer::sum));
        return counts;
    }
}
