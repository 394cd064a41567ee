package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Caption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenclipartSourceTest {
    private static final Raster SMALL = new Raster(32, 8, 8);

    @TempDir
    Path folder;

    @Test
    void aPictureCarriesCaptionLabelSourceAndLicence() throws IOException {
        put("animals/big_cats/tiger_01.svg", "Tiger", Svg.PUBLIC_DOMAIN, Svg.square("orange", 10, 10, 80));
        Example example = accepted(all()).get(0);
        assertThat(example.id()).isEqualTo("animals/big_cats/tiger_01.svg");
        assertThat(example.captions()).containsExactly(new Caption("Tiger, tag", "en"));
        assertThat(example.labels()).containsExactly("big cats");
        assertThat(example.source()).isEqualTo("openclipart");
        assertThat(example.licence()).isEqualTo("CC-PDDC");
        BufferedImage image = Pixels.decode(example.image());
        assertThat(image.getWidth()).isEqualTo(32);
        assertThat(image.getRGB(16, 16)).isEqualTo(0xffffa500);
        assertThat(image.getRGB(0, 0) >>> 24).isZero();
    }

    @Test
    void deeperFoldersBelongToTheSecondLevelAndUnsortedOnesToNone() throws IOException {
        put("a/mammals/dogs/rex.svg", "Rex", Svg.PUBLIC_DOMAIN, Svg.square("red", 0, 0, 90));
        put("a/top.svg", "Top", Svg.PUBLIC_DOMAIN, Svg.square("green", 0, 0, 90));
        put("unsorted/thing.svg", "Thing", Svg.PUBLIC_DOMAIN, Svg.square("blue", 0, 0, 90));
        assertThat(accepted(all()))
                .extracting(Example::labels)
                .containsExactly(List.of("mammals"), List.of("a"), List.of());
    }

    @Test
    void eachRuleLeavesOutWhatItNames() throws IOException {
        String square = Svg.square("red", 0, 0, 90);
        put("a/0.svg", "First", Svg.PUBLIC_DOMAIN, square);
        put("a/1.svg", "Second", Svg.PUBLIC_DOMAIN, square);
        put("a/2.svg", "Licensed", "http://creativecommons.org/licenses/GPL/2.0/", Svg.square("blue", 0, 0, 90));
        put("a/3.svg", "White", Svg.PUBLIC_DOMAIN, Svg.square("white", 0, 0, 90));
        put("a/4.svg", "Empty", Svg.PUBLIC_DOMAIN, "");
        put("a/5.svg", "A", Svg.PUBLIC_DOMAIN, Svg.square("green", 0, 0, 90));
        put("a/icons/6.svg", "Icon", Svg.PUBLIC_DOMAIN, Svg.square("black", 0, 0, 90));
        assertThat(all())
                .extracting(candidate -> candidate instanceof Candidate.LeftOut out ? out.rule() : candidate.id())
                .containsExactly(
                        "a/0.svg",
                        "same pixels as an earlier picture",
                        "does not say that it is in the public domain",
                        "blank",
                        "blank",
                        "letter, digit or no title",
                        "icon, button, shape or pattern");
    }

    @Test
    void brokenFilesAreRejectedWithTheirReasonAndStopNothing() throws IOException {
        put("a/good.svg", "Good", Svg.PUBLIC_DOMAIN, Svg.square("red", 0, 0, 90));
        put("a/raster.svg", "Raster", Svg.PUBLIC_DOMAIN, "<image width='9' height='9'/>" + Svg.square("red", 0, 0, 9));
        Files.write(folder.resolve("a/broken.svg"), Svg.bytes("<svg><g></svg>"));
        Files.write(folder.resolve("a/empty.svg"), new byte[0]);
        Files.write(folder.resolve("a/huge.svg"), new byte[(8 << 20) + 1]);
        List<Candidate> all = all();
        assertThat(accepted(all)).extracting(Example::id).containsExactly("a/good.svg");
        assertThat(all.stream().filter(Candidate.Rejected.class::isInstance).map(Candidate.Rejected.class::cast))
                .hasSize(4)
                .allSatisfy(rejected -> assertThat(rejected.reason()).isNotBlank())
                .anySatisfy(rejected -> assertThat(rejected.reason()).contains("raster"))
                .anySatisfy(rejected -> assertThat(rejected.reason()).contains("larger than"));
    }

    @Test
    void symbolicLinksAreNotFollowed() throws IOException {
        put("a/good.svg", "Good", Svg.PUBLIC_DOMAIN, Svg.square("red", 0, 0, 90));
        Files.createSymbolicLink(folder.resolve("a/link.svg"), folder.resolve("a/good.svg"));
        assertThat(all()).extracting(Candidate::id).containsExactly("a/good.svg");
    }

    @ParameterizedTest
    @EnumSource(Split.class)
    void aSplitIsWhatTheTitlesSayAndTheSplitsMakeUpTheWhole(Split split) throws IOException {
        for (int i = 0; i < 26; i++) {
            String name = "thing" + (char) ('a' + i);
            put("a/%02d.svg".formatted(i), name, Svg.PUBLIC_DOMAIN, Svg.square("#0000" + (10 + i), 0, 0, 90));
        }
        List<Example> part = accepted(list(new OpenclipartSource(folder, split, SMALL)));
        assertThat(part).isNotEmpty();
        assertThat(part)
                .isEqualTo(accepted(all()).stream()
                        .filter(example ->
                                TitleKey.of(example.captions().get(0).text()).split() == split)
                        .toList());
    }

    @Test
    void anEmptyOrMissingFolderAndAnAbsurdSizeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpenclipartSource(folder, null, SMALL))
                .withMessageContaining("No .svg file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpenclipartSource(folder.resolve("none"), null, SMALL))
                .withMessageContaining("No folder");
        assertThatIllegalArgumentException().isThrownBy(() -> new Raster(100_000, 8, 8));
    }

    private void put(String path, String title, String licence, String content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, Svg.titled(title, licence, content));
    }

    private List<Candidate> all() {
        return list(new OpenclipartSource(folder, null, SMALL));
    }

    private static List<Candidate> list(CollectionSource source) {
        return StreamSupport.stream(source.spliterator(), false).toList();
    }

    private static List<Example> accepted(List<Candidate> candidates) {
        Stream<Candidate.Accepted> accepted =
                candidates.stream().filter(Candidate.Accepted.class::isInstance).map(Candidate.Accepted.class::cast);
        return accepted.map(Candidate.Accepted::example).toList();
    }
}
