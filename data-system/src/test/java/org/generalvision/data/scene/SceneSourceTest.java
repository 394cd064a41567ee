package org.generalvision.data.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.Range;
import org.generalvision.data.example.Example;
import org.generalvision.data.source.Candidate;
import org.generalvision.data.source.Split;
import org.generalvision.recipe.Recipe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SceneSourceTest {
    @TempDir
    Path folder;

    private final SceneConfig config = SceneFixtures.config(
            4, new Backdrop.Outdoor(1), new Backdrop.Room(1, new Range(2, 6)), new Backdrop.Plain(1));

    @BeforeEach
    void drawCutouts() {
        SceneFixtures.cutouts(folder);
    }

    @Test
    void aSceneIsTheSameInAnyOrderAndOnAnyThread() {
        SceneRecipe recipe = SceneFixtures.recipe(folder, config, 40);
        List<Example> parallel = SceneFixtures.scenes(recipe);
        List<Example> backwards = new ArrayList<>();
        try (CutoutLibrary library =
                CutoutLibrary.open(recipe.cutouts(), recipe.split(), config.labels(), Path.of("unused"))) {
            SceneComposer composer = new SceneComposer(
                    config, recipe.seed(), recipe.split(), library, new Backdrops(config, recipe.split()));
            LongStream.range(0, 40).forEach(i -> backwards.add(0, composer.compose(39 - i)));
        }
        assertThat(parallel).isEqualTo(backwards).hasSize(40);
        assertThat(parallel.stream().map(Example::image).distinct()).hasSize(40);
    }

    @Test
    void splitsShareNoCutoutAndNoScene() {
        Set<String> ids = cutouts(Split.TRAIN);
        int train = ids.size();
        int all = train;
        for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
            Set<String> others = cutouts(split);
            assertThat(ids).doesNotContainAnyElementsOf(others);
            ids.addAll(others);
            all += others.size();
        }
        assertThat(all).isEqualTo(80);
        assertThat(train).isBetween(50, 74);
        SceneRecipe recipe = SceneFixtures.recipe(folder, config, 5);
        SceneRecipe validation = new SceneRecipe(7, Split.VALIDATION, 5, recipe.cutouts(), config);
        assertThat(SceneFixtures.scenes(validation)).doesNotContainAnyElementsOf(SceneFixtures.scenes(recipe));
    }

    private Set<String> cutouts(Split split) {
        try (CutoutData.Opened opened = new CutoutData.Folder(folder, "CC0-1.0").open(split, Path.of("unused"))) {
            return opened.items().stream().map(CutoutData.Item::id).collect(Collectors.toSet());
        }
    }

    @Test
    void unusableCutoutsAreRejectedWithTheirReasonsAndNeverPasted() throws IOException {
        BufferedImage empty = new BufferedImage(30, 30, BufferedImage.TYPE_INT_ARGB);
        BufferedImage small = new BufferedImage(30, 30, BufferedImage.TYPE_INT_ARGB);
        small.setRGB(3, 3, 0xFF112233);
        BufferedImage opaque = new BufferedImage(30, 30, BufferedImage.TYPE_INT_RGB);
        BufferedImage full = new BufferedImage(30, 30, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 900; i++) {
            full.setRGB(i % 30, i / 30, 0xFF445566);
        }
        Path boxes = folder.resolve("box");
        // Variants of one training name stay in its split.
        String name = cutouts(Split.TRAIN).stream()
                .filter(id -> id.startsWith("box/"))
                .map(id -> id.substring(4, id.length() - 4))
                .findFirst()
                .orElseThrow();
        SceneFixtures.write(empty, boxes.resolve(name + " 1.png"));
        SceneFixtures.write(small, boxes.resolve(name + " 2.png"));
        SceneFixtures.write(opaque, boxes.resolve(name + " 3.png"));
        SceneFixtures.write(full, boxes.resolve(name + " 4.png"));
        Files.write(boxes.resolve(name + " 5.png"), new byte[] {1, 2, 3});
        byte[] whole = Files.readAllBytes(boxes.resolve(name + ".png"));
        Files.write(boxes.resolve(name + " 6.png"), java.util.Arrays.copyOf(whole, 60));
        List<Candidate> found = SceneFixtures.candidates(SceneFixtures.recipe(folder, config, 10));
        List<String> reasons = found.stream()
                .filter(Candidate.Rejected.class::isInstance)
                .map(candidate -> candidate.id() + " " + ((Candidate.Rejected) candidate).reason())
                .toList();
        assertThat(reasons).hasSize(6).allMatch(reason -> reason.startsWith("box/" + name));
        assertThat(reasons.get(0)).contains("no pixel of at least half opacity");
        assertThat(reasons.get(1)).contains("1 x 1 pixels");
        assertThat(reasons.get(2)).contains("no alpha channel");
        assertThat(reasons.get(3)).contains("opaque everywhere");
        assertThat(reasons.get(4)).contains("no image that can be read");
        assertThat(found).hasSize(16);
    }

    @Test
    void aClassWithoutCutoutsIsRefusedByName() {
        java.util.Map<String, SceneConfig.Thing> classes = new java.util.LinkedHashMap<>(config.classes());
        classes.put("unicorn", new SceneConfig.Thing(new Range(1, 2), new Range(0, 0)));
        SceneConfig more = new SceneConfig(
                config.height(),
                config.width(),
                config.camera(),
                classes,
                config.objects(),
                config.appearance(),
                config.backdrops(),
                config.output());
        assertThatThrownBy(() -> SceneFixtures.scenes(SceneFixtures.recipe(folder, more, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unicorn")
                .hasMessageContaining("train");
    }

    @Test
    void settingsInWhichNothingFitsEndWithAnError() {
        SceneConfig impossible = SceneFixtures.config(2, new Backdrop.Room(1, new Range(0.1, 0.1)));
        assertThatThrownBy(() -> SceneFixtures.scenes(SceneFixtures.recipe(folder, impossible, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found no place");
    }

    @Test
    void photographsAreSplitByNameAndAddTheirLicence() {
        Path photos = folder.resolve("photos");
        for (int i = 0; i < 30; i++) {
            BufferedImage photo = new BufferedImage(200, 150, BufferedImage.TYPE_INT_RGB);
            photo.createGraphics().fillRect(i, i, 90, 40);
            SceneFixtures.write(photo, photos.resolve("view" + (char) ('a' + i % 26) + (char) ('a' + i / 26) + ".png"));
        }
        SceneConfig onPhotos = SceneFixtures.config(3, new Backdrop.Photos(1, photos, "CC-BY-4.0"));
        for (Example example : SceneFixtures.scenes(SceneFixtures.recipe(folder, onPhotos, 5))) {
            assertThat(example.licence()).isEqualTo("CC-BY-4.0 AND CC0-1.0");
            // What else a photograph shows nobody knows.
            assertThat(example.absentLabels()).isEmpty();
        }
        SceneConfig nowhere = SceneFixtures.config(3, new Backdrop.Photos(1, folder.resolve("box"), "CC0-1.0"));
        assertThatThrownBy(() -> SceneFixtures.scenes(SceneFixtures.recipe(folder, nowhere, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("photographs");
    }

    @ParameterizedTest
    @EnumSource(SceneConfig.Format.class)
    void imagesHaveTheFormatAndSizeAsked(SceneConfig.Format format) {
        SceneConfig stored = new SceneConfig(
                config.height(),
                config.width(),
                config.camera(),
                config.classes(),
                config.objects(),
                config.appearance(),
                config.backdrops(),
                new SceneConfig.Output(format, 90, 0.001));
        for (Example example : SceneFixtures.scenes(SceneFixtures.recipe(folder, stored, 3))) {
            ImageHeader header = ImageHeader.parse(example.image());
            assertThat(header.format().name()).isEqualTo(format.name());
            assertThat(header.height()).isEqualTo(SceneFixtures.HEIGHT);
            assertThat(header.width()).isEqualTo(SceneFixtures.WIDTH);
        }
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource({"scenes-desk, 28", "scenes-few-desk, 8"})
    void theShippedRecipesMakeScenesOfEverySplit(String name, int classes) {
        for (Split split : Split.values()) {
            SceneRecipe recipe = Recipe.load(name)
                    .with(List.of("count=6", "split=" + split.lowerName()))
                    .as(SceneRecipe.class);
            assertThat(recipe.scene().labels()).hasSize(classes);
            try (SceneSource source = SceneSource.open(recipe, folder.resolve("cache"))) {
                int found = 0;
                for (Candidate candidate : source) {
                    found += candidate instanceof Candidate.Accepted ? 1 : 0;
                }
                assertThat(found).isEqualTo(6);
            }
        }
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource({
        "scene.camera.far=80, metresPerUnit",
        "scene.camera.focal.low=-1, focal",
        "scene.objects.minVisible=0, minVisible",
        "scene.objects.count.low=9, count",
        "scene.output.quality=0, quality",
        "scene.height=4, height",
        "scene.classes.birds.height.low=0, height",
        "count=0, count"
    })
    void settingsOutOfRangeAreRefusedByName(String override, String name) {
        assertThatThrownBy(
                        () -> Recipe.load("scenes-desk").with(List.of(override)).as(SceneRecipe.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
