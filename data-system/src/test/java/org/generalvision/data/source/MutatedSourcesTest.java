package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that were cut, changed and grown at random places: each is read, or refused as bad input, and nothing else. */
class MutatedSourcesTest {
    private static final int ROUNDS = 150;
    private static final Naming NAMING = new Naming("fuzz", "NOASSERTION", List.of());

    @TempDir
    Path folder;

    static List<Arguments> formats() throws IOException {
        byte[] png = Bytes.png(4, 4);
        byte[] tar = new Tar()
                .file("a.png", png)
                .file("a.json", "{\"caption\":\"x\",\"label\":1}")
                .file("b.png", png)
                .file("b.cls", "2")
                .closed();
        String coco = "{\"images\":[{\"id\":1,\"file_name\":\"i.png\",\"width\":4,\"height\":4,\"license\":1}],"
                + "\"licenses\":[{\"id\":1,\"name\":\"l\",\"url\":\"u\"}],\"categories\":[{\"id\":1,\"name\":\"c\"}],"
                + "\"annotations\":[{\"id\":1,\"image_id\":1,\"category_id\":1,\"bbox\":[0,0,2,2],\"iscrowd\":0,"
                + "\"segmentation\":[[0,0,2,0,2,2]]},{\"id\":2,\"image_id\":1,\"category_id\":1,\"bbox\":[1,1,2,2],"
                + "\"segmentation\":{\"size\":[4,4],\"counts\":\"05;\"}}]}";
        String voc = "<annotation><filename>i.png</filename><object><name>c</name><difficult>0</difficult><bndbox>"
                + "<xmin>1</xmin><ymin>1</ymin><xmax>3</xmax><ymax>3</ymax></bndbox></object></annotation>";
        String boxes = """
                ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf
                i,x,/m/a,1,0,0.5,0,0.5,0,0,0
                """;
        return List.of(
                format("webdataset", tar, "f.tar", f -> new SourceConfig.Webdataset(f, NAMING)),
                format("zipped", Idx.gzip(tar), "f.tar.gz", f -> new SourceConfig.Webdataset(f, NAMING)),
                format(
                        "csv",
                        Bytes.text("image,caption,label\ni.png,\"a \"\"b\"\"\",1\ni.png,x,2\n"),
                        "f.csv",
                        f -> new SourceConfig.Csv(f, null, "", NAMING)),
                format(
                        "list",
                        Bytes.text("i.png 1\ni.png 2\n"),
                        "f.list",
                        f -> new SourceConfig.Folder(parent(f), null, f, NAMING)),
                format(
                        "coco",
                        Bytes.text(coco),
                        "f.json",
                        f -> new SourceConfig.Coco(f, null, List.of(), parent(f), NAMING)),
                format(
                        "voc",
                        Bytes.text(voc),
                        "Annotations/i.xml",
                        f -> new SourceConfig.Voc(parent(parent(f)), null, NAMING)),
                format(
                        "voc map",
                        IndexMaps.palette(new int[4][4]),
                        "SegmentationClass/i.png",
                        f -> new SourceConfig.Voc(parent(parent(f)), null, NAMING)),
                format(
                        "openimages",
                        Bytes.text(boxes),
                        "f.csv",
                        f -> new SourceConfig.Openimages(parent(f), List.of(f), parent(f), NAMING)),
                format("image", png, "c/x.png", f -> new SourceConfig.Folder(parent(f), null, null, NAMING)),
                format(
                        "webp",
                        Bytes.text("RIFF????WEBPVP8X????????????????????"),
                        "c/x.webp",
                        f -> new SourceConfig.Folder(parent(f), null, null, NAMING)),
                format(
                        "stamp",
                        Bytes.text("A cat.\nfr.utf8=Un chat.\n"),
                        "t/i.txt",
                        f -> new SourceConfig.Tuxpaint(parent(f), null, Raster.DEFAULT)),
                format(
                        "arrow file",
                        ArrowTableSourceTest.arrow(false),
                        "f.arrow",
                        f -> new SourceConfig.Arrow(f, null, "", NAMING)),
                format(
                        "arrow stream",
                        ArrowTableSourceTest.arrow(true),
                        "f.arrow",
                        f -> new SourceConfig.Arrow(f, null, "", NAMING)),
                format(
                        "parquet",
                        ArrowTableSourceTest.parquet(),
                        "f.parquet",
                        f -> new SourceConfig.Parquet(f, null, "", NAMING)));
    }

    private static Path parent(Path file) {
        return java.util.Objects.requireNonNull(file.getParent());
    }

    private static Arguments format(String name, byte[] whole, String file, Function<Path, SourceConfig> config) {
        return Arguments.of(name, whole, file, config);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void whateverBecomesOfAFileItIsReadOrRefused(
            String name, byte[] whole, String path, Function<Path, SourceConfig> config) throws IOException {
        for (String image : List.of("i.png", "JPEGImages/i.png", "t/i.png")) {
            Bytes.put(folder.resolve(image), Bytes.png(4, 4));
        }
        Bytes.put(folder.resolve("i.jpg"), Bytes.jpeg(8, 8));
        Bytes.put(folder.resolve("Annotations/i.xml"), "<annotation/>");
        Bytes.put(folder.resolve("class-descriptions-boxable.csv"), "/m/a,Cat\n");
        Path file = Bytes.put(folder.resolve(path), whole);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(name.hashCode());
        List<String> outcomes = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] mutated = mutate(whole, random);
            Bytes.put(file, mutated);
            try {
                outcomes.add("read " + Candidates.of(config.apply(file)).all().size());
            } catch (IllegalArgumentException e) {
                outcomes.add("refused");
                assertThat(e.getMessage()).as("round %d", round).isNotBlank();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("%s, round %d: %s".formatted(name, round, e), e);
            }
        }
        assertThat(outcomes).hasSize(ROUNDS);
    }

    private static byte[] mutate(byte[] whole, RandomGenerator random) throws IOException {
        int at = random.nextInt(whole.length);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(whole, at);
            case 1 -> {
                byte[] bytes = whole.clone();
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                yield bytes;
            }
            case 2 -> {
                byte[] bytes = whole.clone();
                for (int i = at; i < Math.min(bytes.length, at + 8); i++) {
                    bytes[i] = (byte) random.nextInt(256);
                }
                yield bytes;
            }
            default -> {
                byte[] more = new byte[random.nextInt(1, 9)];
                random.nextBytes(more);
                yield Bytes.join(Arrays.copyOf(whole, at), more, Arrays.copyOfRange(whole, at, whole.length));
            }
        };
    }
}
