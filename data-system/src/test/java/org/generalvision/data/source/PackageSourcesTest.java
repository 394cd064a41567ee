package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.recipe.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tux Paint's stamps, OpenMoji, and the recipes that build them. */
class PackageSourcesTest {
    private static final Raster SMALL = new Raster(16, 8, 8);

    @TempDir
    Path root;

    @Test
    void aStampHasItsSentenceInManyLanguages() throws IOException {
        Bytes.put(root.resolve("animals/birds/blackbird.png"), Bytes.png(5, 4));
        Bytes.put(root.resolve("animals/birds/blackbird.txt"), """
                A blackbird.
                fr.utf8=Un merle.
                pt_BR.utf8=Um melro.
                ca@valencia.utf8=Una merla.
                sr@latin.utf8=Kos.
                en_GB.utf8=A blackbird.
                de.utf8=
                nonsense
                """);
        Bytes.put(root.resolve("animals/birds/blackbird.dat"), "noflip\n");
        Bytes.put(root.resolve("animals/birds/blackbird_desc.ogg"), "sound");
        Example stamp = tuxpaint(null).examples().get(0);
        assertThat(stamp.captions())
                .containsExactly(
                        new Caption("A blackbird.", "en"),
                        new Caption("Un merle.", "fr"),
                        new Caption("Um melro.", "pt-BR"),
                        new Caption("Una merla.", "ca-valencia"),
                        new Caption("Kos.", "sr-Latn"));
        assertThat(stamp.labels()).containsExactly("animals", "birds");
        assertThat(stamp.licence()).isEqualTo("GPL-2.0-or-later");
    }

    @Test
    void mirroredStampsTwinsAndStampsWithoutTextDoNotCount() throws IOException {
        Bytes.put(root.resolve("a/car.svg"), Svg.of(Svg.square("red", 0, 0, 90)));
        Bytes.put(root.resolve("a/car.png"), Bytes.png(5, 4));
        Bytes.put(root.resolve("a/car_mirror.png"), Bytes.png(5, 4));
        Bytes.put(root.resolve("a/car.txt"), "A car.");
        Bytes.put(root.resolve("a/mute.png"), Bytes.png(5, 4));
        Bytes.put(root.resolve("a/latin.png"), Bytes.png(5, 4));
        Bytes.put(root.resolve("a/latin.txt"), new byte[] {'c', (byte) 0xE9});
        Candidates found = tuxpaint(null);
        assertThat(found.ids()).containsExactly("a/car.svg");
        assertThat(found.leftOut().keySet()).containsExactly("a/car.png", "a/car_mirror.png");
        assertThat(found.rejected().keySet()).containsExactly("a/latin.png", "a/mute.png");
        assertThat(new SourceConfig.Tuxpaint(root, null, SMALL).open().size()).isEqualTo(5);
    }

    @Test
    void filledAndOutlinedStampsAreOnOneSide() throws IOException {
        for (String name : List.of("apple", "apple_outline", "01apple", "apple02")) {
            Bytes.put(root.resolve("f/" + name + ".png"), Bytes.png(5, 4));
            Bytes.put(root.resolve("f/" + name + ".txt"), "A sentence of " + name + ".");
        }
        int sides = 0;
        for (Split split : Split.values()) {
            int count = tuxpaint(split).examples().size();
            assertThat(count).isIn(0, 4);
            sides += count;
        }
        assertThat(sides).isEqualTo(4);
    }

    private static String emoji(String hexcode, String character, String name, String more) {
        return "{\"emoji\":\"%s\",\"hexcode\":\"%s\",\"group\":\"people\",\"subgroups\":\"hands\",\"annotation\":\"%s\",\"tags\":\"hand, wave\"%s}"
                .formatted(character, hexcode, name, more);
    }

    private void openmoji() throws IOException {
        Bytes.put(
                root.resolve("data/openmoji.json"),
                "[" + emoji("1F44B", "\uD83D\uDC4B", "waving hand", ",\"skintone\":\"\"") + ","
                        + emoji(
                                "1F44B-1F3FB",
                                "\uD83D\uDC4B\uD83C\uDFFB",
                                "waving hand: light skin tone",
                                ",\"skintone\":1")
                        + "," + emoji("2764", "\u2764\uFE0F", "red heart", ",\"openmoji_tags\":\"love\"") + ","
                        + emoji("../x", "x", "escape", "") + "," + emoji("1F600", "y", "no drawing", "") + "]");
        for (String hexcode : List.of("1F44B", "1F44B-1F3FB", "2764")) {
            Bytes.put(root.resolve("color/svg/" + hexcode + ".svg"), Svg.of(Svg.square("red", 0, 0, 90)));
        }
        Bytes.put(
                root.resolve("cldr/annotations/de/annotations.json"),
                "{\"annotations\":{\"annotations\":{\"\u2764\":{\"default\":[\"Herz\"],\"tts\":[\"rotes Herz\"]}}}}");
        Bytes.put(
                root.resolve("cldr/annotations/sr-Latn/annotations.json"),
                "{\"annotations\":{\"annotations\":{\"\u2764\":{\"tts\":[\"crveno srce\"]}}}}");
    }

    @Test
    void anEmojiHasItsNamesAndItsSkinTonesStayOut() throws IOException {
        openmoji();
        Candidates found = Candidates.of(new SourceConfig.Openmoji(root, root.resolve("cldr"), false, null, SMALL));
        assertThat(found.ids()).containsExactly("1F44B", "2764");
        assertThat(found.example("2764").captions())
                .containsExactly(
                        new Caption("red heart, hand, wave, love", "en"),
                        new Caption("rotes Herz", "de"),
                        new Caption("crveno srce", "sr-Latn"));
        assertThat(found.example("2764").labels()).containsExactly("hands", "people");
        assertThat(found.leftOut().keySet()).containsExactly("1F44B-1F3FB");
        assertThat(found.rejected().keySet()).containsExactly("../x", "1F600");
    }

    @Test
    void variantsOfOneEmojiAreOnOneSide() throws IOException {
        openmoji();
        for (Split split : Split.values()) {
            List<String> ids = Candidates.of(new SourceConfig.Openmoji(root, null, true, split, SMALL))
                    .ids();
            assertThat(ids.contains("1F44B")).isEqualTo(ids.contains("1F44B-1F3FB"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openclipart-desk", "tuxpaint-desk", "openmoji-desk"})
    void recipesAreWholeAndTakeOtherPaths(String name) {
        CorpusRecipe recipe = Recipe.load(name)
                .with(List.of("source.path=/nowhere", "source.split=train"))
                .as(CorpusRecipe.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe.source().open())
                .withMessageContaining("/nowhere");
    }

    private Candidates tuxpaint(@org.jspecify.annotations.Nullable Split split) {
        return Candidates.of(new SourceConfig.Tuxpaint(root, split, SMALL));
    }
}
