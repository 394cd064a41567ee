package org.generalvision.data.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.primitives.ImmutableIntArray;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.Example.Depth;
import org.generalvision.data.example.ExampleBuilder;
import org.generalvision.data.example.Mask;
import org.generalvision.data.label.Concept;
import org.generalvision.data.label.DataMapping;
import org.generalvision.data.label.Kind;
import org.generalvision.data.label.LabelSystem;
import org.generalvision.data.label.MergeEntry;
import org.generalvision.data.label.Rule;
import org.generalvision.data.shard.ShardWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCheckTest {
    private static final int HEIGHT = 6;
    private static final int WIDTH = 9;

    @TempDir
    Path folder;

    private final List<Example> examples = new ArrayList<>();
    private int pictures;

    /** Every call gives another picture. */
    private ByteBuffer picture() {
        return Pictures.png(Pictures.photo(pictures++, HEIGHT, WIDTH));
    }

    private ExampleBuilder example(String id, ByteBuffer image) {
        return Example.builder(id, image, "made-up", "MIT").captions(List.of(new Caption("a picture", "en")));
    }

    private ExampleBuilder example(String id) {
        return example(id, picture());
    }

    private void add(ExampleBuilder example) {
        examples.add(example.build());
    }

    private Path write(String name) {
        Path directory = folder.resolve(name);
        try (ShardWriter writer = ShardWriter.create(directory, 1 << 20)) {
            examples.forEach(writer::add);
            writer.finish();
        }
        examples.clear();
        return directory;
    }

    private static Mask mask(int height, int width, int ones, String label, @Nullable Integer box) {
        return new Mask.RunLengths(height, width, ImmutableIntArray.of(height * width - ones, ones), label, box);
    }

    private static Depth depth(int height, int width, int type, int value) {
        BufferedImage map = new BufferedImage(width, height, type);
        map.getRaster().setSample(1, 1, 0, value);
        return new Depth(Pictures.png(map), 0.001);
    }

    private static DataCheck.Result check(DataCheck check, Path directory) {
        try (CuratedSource source = CuratedSource.open(directory)) {
            return check.run("data", source, () -> {});
        }
    }

    private static DataCheck.Result check(Path directory) {
        try (DataCheck check = new DataCheck(true, Set.of(), Hierarchy.NONE, 5)) {
            return check(check, directory);
        }
    }

    private static Map<String, Long> counts(DataCheck.Result result) {
        return result.findings().stream()
                .collect(Collectors.toMap(Findings.Finding::rule, Findings.Finding::count, Long::sum, TreeMap::new));
    }

    @Test
    void soundDataHasNoFindings() {
        Box box = new Box(0, 0, WIDTH, HEIGHT, "thing", false);
        add(example("boxed")
                .boxes(List.of(box))
                .masks(List.of(mask(HEIGHT, WIDTH, 3, "thing", 0), mask(HEIGHT, WIDTH, 3, "stuff", null)))
                .depth(depth(HEIGHT, WIDTH, BufferedImage.TYPE_USHORT_GRAY, 700)));
        add(example("labelled").labels(List.of("a", "a")).absentLabels(List.of("b")));
        add(example("jpeg", Pictures.jpeg(Pictures.photo(99, HEIGHT, WIDTH))));
        DataCheck.Result result = check(write("sound"));
        assertThat(result.findings()).isEmpty();
        assertThat(result.errors() + result.warnings()).isZero();
        assertThat(result.examples()).isEqualTo(3);
    }

    @Test
    void everyFaultOfAnExampleIsFoundOnce() {
        add(example("empty", ByteBuffer.allocate(0)));
        add(example("no image", ByteBuffer.wrap(new byte[] {1, 2, 3})));
        add(example("box outside").boxes(List.of(new Box(1, 1, WIDTH + 0.5, 3, "thing", false))));
        add(example("tiny box").boxes(List.of(new Box(1, 1, 1.5, 3, "thing", false))));
        add(example("mask size").masks(List.of(mask(HEIGHT, WIDTH + 1, 3, "thing", null))));
        add(example("mask empty").masks(List.of(mask(HEIGHT, WIDTH, 0, "thing", null))));
        add(example("mask of another")
                .boxes(List.of(new Box(1, 1, 3, 3, "dog", false)))
                .masks(List.of(mask(HEIGHT, WIDTH, 3, "cat", 0))));
        add(example("depth size").depth(depth(HEIGHT, WIDTH - 1, BufferedImage.TYPE_USHORT_GRAY, 700)));
        add(example("depth bits").depth(depth(HEIGHT, WIDTH, BufferedImage.TYPE_BYTE_GRAY, 70)));
        add(example("depth colors").depth(depth(HEIGHT, WIDTH, BufferedImage.TYPE_INT_RGB, 70)));
        add(example("depth broken").depth(new Depth(ByteBuffer.wrap(new byte[20]), 0.001)));
        add(example("depth unknown").depth(depth(HEIGHT, WIDTH, BufferedImage.TYPE_USHORT_GRAY, 0)));
        add(example("blank").captions(List.of(new Caption(" \n", "en"), new Caption("words", "en"))));
        add(example("both").labels(List.of("dog")).absentLabels(List.of("dog", "cat")));
        add(example("blank label").labels(List.of(" ")));
        add(example("nothing").captions(List.of()));
        DataCheck.Result result = check(write("faulty"));
        assertThat(counts(result))
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry("unreadable-image", 2L),
                        Map.entry("box-outside", 1L),
                        Map.entry("box-below-a-pixel", 1L),
                        Map.entry("mask-size", 1L),
                        Map.entry("mask-empty", 1L),
                        Map.entry("label-conflict", 2L),
                        Map.entry("depth-size", 1L),
                        Map.entry("depth-unreadable", 3L),
                        Map.entry("depth-unknown", 1L),
                        Map.entry("empty-caption", 1L),
                        Map.entry("unknown-class", 1L),
                        Map.entry("unannotated", 1L))));
        assertThat(result.errors()).isEqualTo(13);
        assertThat(result.warnings()).isEqualTo(3);
        assertThat(first(result, "box-outside"))
                .isEqualTo(new Findings.Place(
                        "box outside",
                        "box 0 'thing' (1.0, 1.0, 9.5, 3.0) of an image of 9 x 6 pixels (width x height)"));
        assertThat(first(result, "mask-size").detail()).contains("10 x 6 pixels", "image of 9 x 6");
    }

    private static Findings.Place first(DataCheck.Result result, String rule) {
        return result.findings().stream()
                .filter(finding -> finding.rule().equals(rule))
                .findFirst()
                .orElseThrow()
                .first()
                .get(0);
    }

    @Test
    void imagesThatWereCutOffAreFoundThoughDecodersTakeThem() {
        int side = 64;
        ByteBuffer jpeg = Pictures.jpeg(Pictures.photo(1, side, side));
        ByteBuffer png = Pictures.png(Pictures.photo(2, side, side));
        add(example("whole jpeg", jpeg));
        add(example("whole png", png));
        add(example("cut jpeg", jpeg.slice(0, jpeg.remaining() * 3 / 4)));
        add(example("cut png", png.slice(0, png.remaining() * 3 / 4)));
        add(example("png without end", png.slice(0, png.remaining() - 12)));
        ByteBuffer trailing = ByteBuffer.allocate(jpeg.remaining() + 7).put(jpeg.duplicate());
        add(example("jpeg with bytes behind it", trailing.clear()));
        DataCheck.Result result = check(write("cut"));
        assertThat(counts(result)).containsExactly(Map.entry("unreadable-image", 3L));
        assertThat(result.findings().get(0).first())
                .extracting(Findings.Place::id)
                .containsExactly("cut jpeg", "cut png", "png without end");
    }

    @Test
    void withoutDecodingOnlyHeadersAreRead() {
        ByteBuffer jpeg = Pictures.jpeg(Pictures.photo(1, 64, 64));
        add(example("cut", jpeg.slice(0, jpeg.remaining() * 3 / 4)));
        add(example("outside", jpeg).boxes(List.of(new Box(1, 1, 65, 3, "thing", false))));
        Path directory = write("headers");
        try (DataCheck check = new DataCheck(false, Set.of(), Hierarchy.NONE, 5)) {
            assertThat(counts(check(check, directory))).containsExactly(Map.entry("box-outside", 1L));
        }
    }

    @Test
    void idsAndImagesThatOccurTwiceAreFound() {
        ByteBuffer same = picture();
        add(example("a", same).labels(List.of("cat")));
        add(example("b", same).labels(List.of("cat")));
        add(example("c", same).labels(List.of("dog")));
        add(example("a").labels(List.of("dog")));
        add(example("e", same));
        DataCheck.Result result = check(write("twins"));
        assertThat(counts(result))
                .containsOnly(
                        Map.entry("duplicate-id", 1L),
                        Map.entry("duplicate-image", 3L),
                        Map.entry("equal-images-disagree", 1L));
        assertThat(first(result, "equal-images-disagree").detail())
                .isEqualTo("is 'dog', but a is the same image and 'cat'");
    }

    @Test
    void labelsThatDoNotExcludeEachOtherDoNotDisagree() {
        ByteBuffer same = picture();
        add(example("a", same).labels(List.of("cat")));
        add(example("b", same).labels(List.of("dog")));
        add(example("c").labels(List.of("cat", "dog")));
        assertThat(counts(check(write("several")))).containsExactly(Map.entry("duplicate-image", 1L));
    }

    @Test
    void theGraphOfConceptsTellsWhatContradicts() {
        ByteBuffer same = picture();
        add(example("dog", same).labels(List.of("hound")));
        add(example("animal", same).labels(List.of("beast")));
        Path related = write("related");
        add(example("a").labels(List.of("hound")).absentLabels(List.of("beast")));
        add(example("b").labels(List.of("beast")).absentLabels(List.of("hound")));
        Path absent = write("absent");
        Hierarchy hierarchy = hierarchy();
        try (DataCheck check = new DataCheck(true, Set.of(), hierarchy, 5)) {
            assertThat(counts(check(check, related))).containsExactly(Map.entry("duplicate-image", 1L));
        }
        try (DataCheck check = new DataCheck(true, Set.of(), hierarchy, 5)) {
            DataCheck.Result result = check(check, absent);
            assertThat(counts(result)).containsExactly(Map.entry("absent-ancestor", 1L));
            assertThat(first(result, "absent-ancestor").detail())
                    .contains("'hound' is present", "'beast', which lies above it, is absent");
        }
    }

    private static Hierarchy hierarchy() {
        LabelSystem system =
                LabelSystem.of(List.of(concept("n1", "animal", List.of()), concept("n2", "dog", List.of("n1"))));
        Map<String, MergeEntry.About> merges = Map.of("beast", merge("beast", "n1"), "hound", merge("hound", "n2"));
        return Hierarchy.of(system, new DataMapping("data", "0".repeat(64), 2, merges));
    }

    private static Concept concept(String id, String name, List<String> parents) {
        return new Concept(id, Kind.OBJECT, parents, List.of(new Concept.Name(name, "en", 1, 0)), List.of(), "");
    }

    private static MergeEntry.Merge merge(String label, String concept) {
        return new MergeEntry.Merge(1, "data", label, 1, concept, Rule.EXACT);
    }

    @Test
    void classesThatAreNotInTheListAreFound() {
        add(example("a").labels(List.of("cat")));
        add(example("b").boxes(List.of(new Box(1, 1, 3, 3, "dgo", false))));
        add(example("c").absentLabels(List.of("cow")));
        Path directory = write("classes");
        try (DataCheck check = new DataCheck(true, Set.of("cat", "dog"), Hierarchy.NONE, 5)) {
            DataCheck.Result result = check(check, directory);
            assertThat(counts(result)).containsExactly(Map.entry("unknown-class", 2L));
            assertThat(first(result, "unknown-class").detail()).isEqualTo("'dgo' is none of the 2 classes");
        }
    }

    @Test
    void imagesOfAnotherSplitAreLeaks() {
        ByteBuffer same = picture();
        add(example("in test", same));
        add(example("only in test"));
        Path test = write("test");
        add(example("in train"));
        add(example("leak", same));
        Path train = write("train");
        try (DataCheck check = new DataCheck(true, Set.of(), Hierarchy.NONE, 5);
                CuratedSource other = CuratedSource.open(test)) {
            check.against("the test split", other, () -> {});
            DataCheck.Result result = check(check, train);
            assertThat(counts(result)).containsExactly(Map.entry("split-leak", 1L));
            assertThat(first(result, "split-leak"))
                    .isEqualTo(new Findings.Place("leak", "is in test of the test split"));
        }
    }

    @Test
    void aDamagedShardIsNamedAndTheOthersAreChecked() throws IOException {
        for (int i = 0; i < 40; i++) {
            add(example("e" + i, Pictures.png(Pictures.photo(i, 40, 40))));
        }
        Path directory = folder.resolve("damaged");
        try (ShardWriter writer = ShardWriter.create(directory, 60_000)) {
            examples.forEach(writer::add);
            assertThat(writer.finish().shards()).hasSizeGreaterThanOrEqualTo(3);
        }
        Path second = directory.resolve("00001.arrow");
        byte[] bytes = Files.readAllBytes(second);
        bytes[bytes.length / 2] ^= 4;
        Files.write(second, bytes);
        Files.delete(directory.resolve("00000.arrow"));
        DataCheck.Result result = check(directory);
        assertThat(counts(result)).containsExactly(Map.entry("damaged-shard", 2L));
        assertThat(result.findings().get(0).first())
                .extracting(Findings.Place::id)
                .containsExactly("00000.arrow", "00001.arrow");
        assertThat(result.examples()).isBetween(1L, 39L);
    }

    @Test
    void onlyTheFirstOfManyAreNamedAndAllAreCounted() {
        IntStream.range(0, 300)
                .forEach(i -> add(example("e" + i, ByteBuffer.wrap(new byte[] {1, (byte) i, (byte) (i >> 8)}))));
        Path directory = write("many");
        try (DataCheck check = new DataCheck(true, Set.of(), Hierarchy.NONE, 2)) {
            DataCheck.Result result = check(check, directory);
            assertThat(counts(result)).containsExactly(Map.entry("unreadable-image", 300L));
            assertThat(result.findings().get(0).first())
                    .extracting(Findings.Place::id)
                    .containsExactly("e0", "e1");
        }
    }

    @Test
    void aNegativeNumberOfPlacesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Findings(-1))
                .withMessageContaining("must not be negative: -1");
    }
}
