package org.generalvision.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.common.primitives.ImmutableIntArray;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.ExampleBuilder;
import org.generalvision.data.example.Mask;
import org.generalvision.data.shard.ShardWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
    private static final int SIDE = 40;
    private static final Pattern PICTURE = Pattern.compile("src=\"data:image/jpeg;base64,([^\"]+)\"");

    @TempDir
    Path folder;

    private final List<Example> examples = new ArrayList<>();

    private static ByteBuffer picture(long seed) {
        return Pictures.png(Pictures.photo(seed, SIDE, SIDE));
    }

    private static ExampleBuilder example(String id, ByteBuffer image) {
        return Example.builder(id, image, "made-up", "MIT");
    }

    private CuratedSource open() {
        Path directory = folder.resolve("data");
        try (ShardWriter writer = ShardWriter.create(directory, 1 << 20)) {
            examples.forEach(writer::add);
            writer.finish();
        }
        return CuratedSource.open(directory);
    }

    private void addAnnotated() {
        BufferedImage depth = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_USHORT_GRAY);
        depth.getRaster().setSample(3, 4, 0, 1000);
        examples.add(example("boxed", picture(1))
                .labels(List.of("cat", "dog", "cat"))
                .boxes(List.of(new Box(0, 0, 20, 20, "cat", false), new Box(10, 10, 40, 30, "dog", true)))
                .masks(List.of(new Mask.RunLengths(SIDE, SIDE, ImmutableIntArray.of(SIDE * SIDE - 30, 30), "cat", 0)))
                .depth(new Example.Depth(Pictures.png(depth), 0.001))
                .synthetic(true)
                .build());
        examples.add(example("captioned", Pictures.jpeg(Pictures.photo(2, 30, 100)))
                .captions(List.of(
                        new Caption("a cat <on> a mat", "en"), new Caption("kot", "pl"), new Caption("kot", "pl")))
                .labels(List.of("cat"))
                .build());
        examples.add(example("broken", ByteBuffer.wrap(new byte[] {1, 2, 3})).build());
    }

    @Test
    void everythingIsCounted() {
        addAnnotated();
        try (CuratedSource source = open()) {
            AtomicInteger steps = new AtomicInteger();
            Statistics.Summary content =
                    Inspection.of(source, steps::incrementAndGet).content();
            assertThat(steps).hasValue(3);
            assertThat(content.examples()).isEqualTo(3);
            assertThat(content.annotated())
                    .containsOnly(
                            entry("boxes", 1L),
                            entry("captions", 1L),
                            entry("depth", 1L),
                            entry("labels", 2L),
                            entry("masks", 1L),
                            entry("synthetic", 1L));
            assertThat(content.labels()).containsExactly(entry("cat", 2L), entry("dog", 1L));
            assertThat(content.labelsPerImage()).containsExactly(entry("0", 1L), entry("1", 1L), entry("2", 1L));
            assertThat(content.captions().count()).isEqualTo(3);
            assertThat(content.captions().distinct()).isEqualTo(2);
            assertThat(content.captions().singleWord()).isEqualTo(2);
            assertThat(content.captions().maxWords()).isEqualTo(5);
            assertThat(content.captions().words())
                    .containsExactly(entry("1", 2L), entry("2", 0L), entry("3", 0L), entry("4", 0L), entry("5", 1L));
            assertThat(content.captions().languages()).containsExactly(entry("en", 1L), entry("pl", 2L));
            assertThat(content.images().unreadable()).isEqualTo(1);
            assertThat(content.images().formats()).containsExactly(entry("JPEG", 1L), entry("PNG", 1L));
            assertThat(content.images().longSide())
                    .containsExactly(entry("32-63", 1L), entry("64-95", 0L), entry("96-127", 1L));
            assertThat(content.boxes().count()).isEqualTo(2);
            assertThat(content.boxes().crowd()).isEqualTo(1);
            // 20 of 40 pixels are half of the side; 30 x 20 of 40 x 40 are sqrt(0.375) = 61 %.
            assertThat(content.boxes().size()).containsExactly(entry("50-59", 1L), entry("60-69", 1L));
            assertThat(content.masks().labels()).containsExactly(entry("cat", 1L));
        }
    }

    @Test
    void aPageShowsPicturesWithWhatIsKnownOfThem() throws IOException {
        addAnnotated();
        for (int i = 0; i < 9; i++) {
            examples.add(example("e" + i, picture(i / 2 + 100L))
                    .labels(List.of("l" + i))
                    .build());
        }
        try (CuratedSource source = open()) {
            String html = Inspection.withPage("My data", source, 1000, () -> {})
                    .page()
                    .html();
            assertThat(html)
                    .contains("<h1>My data</h1>", "12 examples from made-up")
                    .contains("a cat &lt;on&gt; a mat", "pl: kot", "labels: cat, dog", "boxed (MIT)")
                    .contains("Near-duplicates", "8 look like another one, in 4 groups")
                    .contains("<svg")
                    .doesNotContain("<on>", "<script", "src=\"http", "href=\"http");
            List<BufferedImage> pictures = pictures(html);
            assertThat(pictures).hasSizeGreaterThan(30).doesNotContainNull();
            // The first three are the panels of the first example: image with boxes, masks, depth.
            assertThat(pictures.get(2).getRGB(0, 0) & 0xFF).isLessThan(40);
            assertThat(pictures.get(0).getWidth()).isEqualTo(pictures.get(0).getHeight());
        }
    }

    private static List<BufferedImage> pictures(String html) throws IOException {
        List<BufferedImage> pictures = new ArrayList<>();
        Matcher matcher = PICTURE.matcher(html);
        while (matcher.find()) {
            byte[] bytes = Base64.getDecoder().decode(matcher.group(1));
            pictures.add(ImageIO.read(new ByteArrayInputStream(bytes)));
        }
        return pictures;
    }

    @Test
    void ofManyImagesSomeThatAreEvenlySpreadAreCompared() {
        for (int i = 0; i < 20; i++) {
            examples.add(example("e" + i, picture(i < 10 ? 1 : i)).build());
        }
        try (CuratedSource source = open()) {
            LookAlikes some = LookAlikes.of(source, 0, 10, () -> {});
            assertThat(some.examined()).isEqualTo(10);
            assertThat(some.groups()).containsExactly(new long[] {0, 2, 4, 6, 8});
            LookAlikes all = LookAlikes.of(source, 0, 1000, () -> {});
            assertThat(all.inGroups()).isEqualTo(10);
        }
    }

    @Test
    void aDirectoryWithoutAnythingToSayHasAPageToo() {
        examples.add(example("broken", ByteBuffer.allocate(0)).build());
        try (CuratedSource source = open()) {
            assertThat(Inspection.withPage("data", source, 0, () -> {}).page().html())
                    .contains("1 examples from made-up. None is annotated.", "1 cannot be read", "none look the same");
        }
    }

    @Test
    void valuesFallIntoRangesAndTheLastHasNoEnd() {
        Distribution distribution = new Distribution(0, 1, 2, 5, 10);
        for (double value : new double[] {2, 4.99, 5, 1e6, 10}) {
            distribution.add(value);
        }
        assertThat(distribution.counts()).containsExactly(entry("2-4", 2L), entry("5-9", 1L), entry("10+", 2L));
        assertThat(new Distribution(0, 1).counts()).isEmpty();
    }

    @Test
    void aSheetHasAPanelForEachKindOfAnnotation() {
        addAnnotated();
        BufferedImage sheet = ContactSheet.of(examples, 2, 50);
        assertThat(sheet.getWidth()).isEqualTo(2 * (3 * 50 + 4));
        assertThat(sheet.getHeight()).isEqualTo(2 * (50 + 4));
    }
}
