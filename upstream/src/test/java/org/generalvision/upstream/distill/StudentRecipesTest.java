package org.generalvision.upstream.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.generalvision.nn.Cost;
import org.generalvision.nn.Layer;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.generalist.Squares;
import org.generalvision.zoo.ZooCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The recipes of the published students. */
class StudentRecipesTest {
    /** Stands in for the label system, which such a recipe needs on the disk. */
    private static final String TWO_CLASSES = "dataSets.0.task={kind: classification, classes: [a, b], smoothing: 0}";

    /** What the published teacher makes: MN-B15 with a pyramid of the published width. */
    private static final FeatureWidths TEACHER = FeatureWidths.of(new ExpertModel.Config(
            "mn-b15", 224, 0, ExpertModel.Norms.SHARED, new ExpertModel.Pyramid(List.of(4, 8, 16, 32), 256)));

    /** Parameters are the published exact counts with 1000 classes. */
    @ParameterizedTest
    @CsvSource({
        "resnet18, resnet18, 11689512, 512, 512",
        "resnet34, resnet34, 21797672, 512, 512",
        "resnet50, resnet50, 25557032, 2048, 2048",
        "resnet101, resnet101, 44549160, 2048, 2048",
        "mn-b4, mn-b4, 31705992, 1280, 384",
        "mobilenetv2-0.75, mobilenetv2-0.75, 2636424, 1280, 240",
        "mobilenetv2, mobilenetv2, 3504872, 1280, 320",
        "efficientnet-b3, efficientnet-b3, 12233232, 1536, 384",
        "efficientnet-b5, efficientnet-b5, 30389784, 2048, 512",
        "swin-t, swin-t, 28288354, 768, 768",
        "vit-b16, vit-b16, 86567656, 768, 768",
        "vit-l16, vit-l16, 304326632, 1024, 1024",
    })
    void everyPublishedStudentBuildsWithAdaptersToTheTeachersWidths(
            String name, String network, long parameters, long pooled, long last) {
        Recipe recipe = Recipe.load("distill-" + name);
        UpstreamRecipe.Distill whole = (UpstreamRecipe.Distill) recipe.as(UpstreamRecipe.class);
        assertThat(whole.model().image()).isEqualTo(network);
        assertThat(whole.dataSets().stream().map(ExpertDataSet::name)).containsExactly("concepts", "coco", "ade20k");
        assertThat(whole.train().accumulation()).isEqualTo(4);
        assertThat(Recipe.of(name, "printed", recipe.text()).as(UpstreamRecipe.class))
                .isEqualTo(whole);
        assertThat(Cost.parameters(ZooCatalog.create(network, 1000, 224))).isEqualTo(parameters);

        UpstreamRecipe.Distill typed =
                (UpstreamRecipe.Distill) recipe.with(List.of(TWO_CLASSES)).as(UpstreamRecipe.class);
        Map<String, FeatureWidths> taught = new LinkedHashMap<>();
        typed.dataSets().forEach(set -> taught.put(set.name(), TEACHER));
        Student student = typed.distill().student(taught);
        List<String> trained = new ArrayList<>();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        student.parameters().forEach((path, parameter) -> {
            if (!Layer.isBuffer(parameter)) {
                trained.add(path);
                shapes.put(path, parameter.getShape());
            }
        });
        typed.train().optimizer().requireGroupsFit(trained);
        for (String set : List.of("concepts", "coco", "ade20k")) {
            assertThat(shapes)
                    .containsEntry("adapters." + set + ".pooled.weight", new Shape(1280, pooled))
                    .containsEntry("adapters." + set + ".stride32.weight", new Shape(1536, last, 1, 1));
        }
        assertThat(shapes)
                .containsEntry("adapters.coco.pyramid.weight", new Shape(256, 256, 1, 1))
                .doesNotContainKey("adapters.ade20k.pyramid.weight");
    }

    @Test
    void thereAreRecipesForTheStudentsWhoseShapesAreKnownAndNoneForTheOther() {
        assertThat(Recipe.names().stream().filter(name -> name.startsWith("distill-")))
                .hasSize(13)
                .contains("distill-desk")
                .doesNotContain("distill-mn-b7");
    }

    @Test
    void theDeskStudentIsSmallerThanItsTeacher() {
        Recipe recipe = Recipe.load("distill-desk");
        UpstreamRecipe.Distill typed = (UpstreamRecipe.Distill) recipe.as(UpstreamRecipe.class);
        long parameters = Cost.parameters(ZooCatalog.create(typed.model().image(), 0, 128));
        assertThat(parameters).isLessThan(Cost.parameters(ZooCatalog.create("mn-n", 0, 128)) / 2);
        FeatureWidths teacher = FeatureWidths.of(new ExpertModel.Config(
                "mn-n", 128, 0, ExpertModel.Norms.SHARED, typed.model().pyramid()));
        Map<String, FeatureWidths> taught = new LinkedHashMap<>();
        typed.dataSets().forEach(set -> taught.put(set.name(), teacher));
        List<String> trained = typed.distill().student(taught).parameters().entrySet().stream()
                .filter(e -> !Layer.isBuffer(e.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        typed.train().optimizer().requireGroupsFit(trained);
    }

    @Test
    void theDeskStudentHasTheDataSetsOfBothDeskGeneralists() {
        UpstreamRecipe.Distill student =
                (UpstreamRecipe.Distill) Recipe.load("distill-desk").as(UpstreamRecipe.class);
        UpstreamRecipe.GeneralistHard hard = (UpstreamRecipe.GeneralistHard)
                Recipe.load("generalist-hard-desk").as(UpstreamRecipe.class);
        UpstreamRecipe.GeneralistSoft soft = (UpstreamRecipe.GeneralistSoft)
                Recipe.load("generalist-soft-desk").as(UpstreamRecipe.class);
        assertThat(student.dataSets()).isEqualTo(hard.dataSets()).isEqualTo(soft.dataSets());
        assertThat(Objects.requireNonNull(student.model().pyramid()).strides())
                .isEqualTo(Objects.requireNonNull(hard.model().pyramid()).strides())
                .isEqualTo(Objects.requireNonNull(soft.model().pyramid()).strides());
        assertThat(student.distillation().teacher()).isEqualTo(Path.of("runs/generalist-hard-desk"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "distillation.depth.distance=cosine          | depth.distance must be l1 or l2",
                "distillation.features.1.place=stride8       | distillation.features: features must name each place once: stride8",
                "distillation.features.0.place=top           | a place is pooled, or a map such as stride8 or stride32, not top",
                "distillation.features.0.weight=0            | distillation.features.0.weight: weight must be positive",
                "distillation.features.0.distance=l3         | distillation.features.0.distance",
                "distillation.classes.temperature=0          | distillation.classes.temperature: temperature must be positive and finite: 0.0",
                "distillation.labels.depth=-1                | distillation.labels.depth: depth must not be negative or infinite: -1.0",
                "distillation.otherTeachers=[{teacher: a, dataSets: {}}] | dataSets must name at least one data set",
                "distillation.otherTeachers=[{teacher: a, dataSets: {boxes: b}}, {teacher: c, dataSets: {boxes: d}}] | each data set once",
            })
    void valuesOutsideTheirRangeAreRefusedByName(String override, String message) {
        Recipe recipe = Recipe.load("distill-desk").with(List.of(override));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe.as(UpstreamRecipe.class))
                .withMessageContaining(message);
    }

    @Test
    void theTeacherOfThePublishedStudentsHasTheirDataSets() {
        Recipe recipe = Recipe.load("generalist-mn-b15");
        UpstreamRecipe.GeneralistSoft teacher = (UpstreamRecipe.GeneralistSoft) recipe.as(UpstreamRecipe.class);
        for (String name : Recipe.names()) {
            if (name.startsWith("distill-") && !name.equals("distill-desk")) {
                UpstreamRecipe.Distill student =
                        (UpstreamRecipe.Distill) Recipe.load(name).as(UpstreamRecipe.class);
                assertThat(student.dataSets()).as(name).isEqualTo(teacher.dataSets());
                assertThat(student.distillation().teacher()).as(name).isEqualTo(Path.of("runs", "generalist-mn-b15"));
            }
        }
    }

    /** The smallest of them and their teacher, with a small network in place of a billion parameters, on squares. */
    @Test
    void aPublishedStudentAndItsTeacherTrainOnAFixture(@TempDir Path folder) {
        List<String> onSquares = onSquares(Squares.write(folder.resolve("squares")));
        List<String> ofTeacher = new ArrayList<>(onSquares);
        ofTeacher.addAll(List.of(
                "model.image=mn-n",
                "model.resolution=64",
                "branches.0.dataSets=[classes]",
                "branches.1.dataSets=[boxes]",
                "branches.2.dataSets=[pixels]",
                "balance={kind: uncertainty}",
                "train.optimizer.groups=[{patterns: [\"**\"], learningRate: 1, weightDecay: 0}]"));
        Squares.run(Recipe.load("generalist-mn-b15").with(ofTeacher), folder.resolve("teacher"));
        List<String> ofStudent = new ArrayList<>(onSquares);
        ofStudent.add("distillation.teacher=" + folder.resolve("teacher"));
        Checkpoint student =
                Squares.run(Recipe.load("distill-mobilenetv2-0.75").with(ofStudent), folder.resolve("student"));
        assertThat(student.evaluation()).containsKeys("classes/top1", "boxes/boxAp", "pixels/meanIou");
        assertThat(folder.resolve("student/metrics.jsonl"))
                .content()
                .contains(
                        "boxes/answers",
                        "pixels/answers",
                        "classes/answers",
                        "boxes/feature-stride16",
                        "boxes/proposals")
                .doesNotContain("pixels/pixels");
    }

    private static List<String> onSquares(Path data) {
        String shards = "{kind: shards, directory: " + data + "}";
        String view =
                "{crop: {kind: center-crop, shortSide: 64, size: 64}, augmentations: [], normalize: {mean: [0.5, 0.5,"
                        + " 0.5], deviation: [0.3, 0.3, 0.3]}, background: {red: 255, green: 255, blue: 255}}";
        List<String> overrides = new ArrayList<>();
        List<String> names = List.of("classes", "boxes", "pixels");
        for (int i = 0; i < names.size(); i++) {
            String set = "dataSets." + i + ".";
            overrides.addAll(List.of(
                    set + "name=" + names.get(i),
                    set + "train=" + shards,
                    set + "heldOut=" + shards,
                    set + "view=" + view,
                    set + "heldOutView=" + view));
        }
        overrides.addAll(List.of(
                "dataSets.0.task={kind: classification, classes: [red, blue], smoothing: 0}",
                "dataSets.1.task.classes=[red, blue]",
                "dataSets.1.task.proposals.anchors={sizes: [[8], [16], [24], [32], [48]], ratios: [1]}",
                "dataSets.1.task.proposals.training={before: 40, after: 20}",
                "dataSets.1.task.proposals.evaluation={before: 40, after: 20}",
                "dataSets.1.task.regions.hidden=16",
                "dataSets.1.task.regions.sampler.count=16",
                "dataSets.1.task.regions.masks={widths: [16], hidden: 16}",
                "dataSets.2.task.classes=[red, blue]",
                "dataSets.2.task.background=true",
                "dataSets.2.task.head.width=16",
                "model.pyramid.width=8",
                "loader={seed: 1, batchSize: 2, workers: 1, prefetch: 2, quarantineLimit: 0}",
                "evaluation={seed: 1, batchSize: 4, workers: 1, prefetch: 2, quarantineLimit: 0}",
                "train.steps=1",
                "train.precision=float32",
                "train.device=cpu"));
        return overrides;
    }
}
