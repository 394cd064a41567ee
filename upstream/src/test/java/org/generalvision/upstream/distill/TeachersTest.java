package org.generalvision.upstream.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.train.StageRun;
import org.generalvision.train.StopRequest;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.amateur.Gradients;
import org.generalvision.upstream.expert.Answers;
import org.generalvision.upstream.expert.HeadedCheckpoint;
import org.generalvision.upstream.generalist.Squares;
import org.generalvision.weights.SafetensorsFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What teachers say, and which ones a student refuses. */
class TeachersTest {
    @TempDir
    private static Path folder = Path.of("");

    private static Checkpoint teacher = new Checkpoint(Path.of(""), 0);

    @BeforeAll
    static void trainTheTeacher() {
        Path data = Squares.write(folder.resolve("squares"));
        teacher = Squares.run(Squares.expert(data), folder.resolve("teacher"), "train.steps=4");
    }

    private static Recipe student(String... overrides) {
        return TinyStudents.recipe(folder, overrides);
    }

    private static Checkpoint run(Recipe recipe, String name) {
        return Squares.run(recipe, folder.resolve(name));
    }

    @Test
    void theTeachersArraysAreTheSameAfterSteps() {
        try (NDManager manager = NDManager.newBaseManager()) {
            HeadedCheckpoint opened = UpstreamRecipe.openHeaded(folder.resolve("teacher"), manager);
            UpstreamRecipe.Distill recipe = (UpstreamRecipe.Distill) student().as(UpstreamRecipe.class);
            recipe.distill()
                    .run(
                            new StageRun(
                                    folder.resolve("watched"),
                                    "kind: test\n",
                                    Origin.scratch(),
                                    folder.resolve("cache"),
                                    new Squares.Watch(),
                                    new StopRequest()),
                            (path, owner) -> opened);
            try (SafetensorsFile file = SafetensorsFile.open(teacher.model())) {
                opened.network().layer().parameters().forEach((name, parameter) -> {
                    assertThat(parameter.getArray().contentEquals(file.read(name, manager)))
                            .as(name)
                            .isTrue();
                    assertThat(parameter.requiresGradient()).as(name).isFalse();
                });
            }
        }
    }

    @Test
    void aLessonIsWithoutGradientsAndLeavesNothingBehindButItself() {
        List<Place> places = List.of(new Place(8), new Place(0));
        try (NDManager manager = NDManager.newBaseManager()) {
            HeadedCheckpoint opened = UpstreamRecipe.openHeaded(folder.resolve("teacher"), manager);
            int owned = manager.getManagedArrays().size();
            for (String set : List.of("classes", "boxes", "pixels", "depth")) {
                Teacher asked = new Teacher(folder.resolve("teacher"), opened, set);
                try (NDManager step = manager.newSubManager()) {
                    NDArray images =
                            Gradients.normal(step, "images", 3, 3, 64, 64).toType(DataType.FLOAT32, false);
                    NDArray one = images.get("1:2");
                    int before = step.getManagedArrays().size();
                    JniUtils.setGradMode(true);
                    Teacher.Lesson lesson = asked.lesson(images, places, true);
                    assertThat(JniUtils.isGradMode()).isTrue();
                    int answers = lesson.answers() instanceof Answers.Maps maps
                            ? maps.maps().size()
                            : 1;
                    assertThat(step.getManagedArrays()).hasSize(before + places.size() + answers);
                    NDArray pooled = Objects.requireNonNull(lesson.places().get("pooled"));
                    assertThat(pooled.hasGradient()).isFalse();
                    // In evaluation the other images of the batch do not count.
                    NDArray alone = Objects.requireNonNull(
                            asked.lesson(one, places, false).places().get("pooled"));
                    assertThat(alone.sub(pooled.get("1:2")).abs().max().getFloat())
                            .isLessThan(1e-5f);
                } finally {
                    JniUtils.setGradMode(false);
                }
            }
            assertThat(manager.getManagedArrays()).hasSize(owned);
        }
    }

    @Test
    void severalTeachersEachTeachTheirDataSetsInTheirPrecision() {
        Checkpoint other = Squares.run(
                Squares.expert(folder.resolve("squares")),
                folder.resolve("other"),
                "train.steps=1",
                "train.seed=9",
                "train.precision=mixed");
        Checkpoint student = run(
                student(
                        "train.steps=2",
                        "train.precision=mixed",
                        "distillation.otherTeachers=[{teacher: %s, dataSets: {depth: depth, boxes: boxes, pixels: pixels}}]"
                                .formatted(folder.resolve("other"))),
                "of-two");
        assertThat(student.facts())
                .containsEntry("teacher.depth", other.modelHash())
                .containsEntry("teacher.pixels", other.modelHash())
                .containsEntry("teacher.classes", teacher.modelHash());
    }

    @Test
    void aTeacherMayCallADataSetByAnotherName() {
        Path teachers = folder.resolve("teacher");
        Checkpoint student = run(
                student(
                        "train.steps=1",
                        "dataSets.0.name=colors",
                        "distillation.otherTeachers=[{teacher: %s, dataSets: {colors: classes}}]".formatted(teachers)),
                "renamed");
        assertThat(student.facts()).containsEntry("teacher.colors", teacher.modelHash());
        assertThat(student.evaluation()).containsKey("colors/top1");
    }

    @Test
    void anotherTeacherThanTheRunWasBegunWithIsRefused() {
        run(student("train.steps=1"), "begun");
        Squares.run(
                Squares.expert(folder.resolve("squares")),
                folder.resolve("stranger"),
                "train.steps=1",
                "train.seed=10");
        assertRefused(
                "begun", student("distillation.teacher=" + folder.resolve("stranger")), "cannot go on with", "SHA-256");
        Recipe recipe = student("distillation.teacher=" + folder.resolve("stranger"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Squares.run(
                        recipe,
                        folder.resolve("elsewhere"),
                        Origin.resumeFrom(folder.resolve("begun")),
                        new Squares.Watch()))
                .withMessageContaining("cannot go on with");
    }

    @Test
    void teachersThatDoNotFitAreRefused() {
        assertRefused("x", student("distillation.teacher=" + folder.resolve("nowhere")), "no checkpoint");
        assertRefused("x", student("dataSets.0.name=others"), "has no head for the data set others");
        assertRefused("x", student("dataSets.0.task.classes=[blue, red]"), "classes", "classes is [red, blue]");
        assertRefused("x", student("dataSets.2.task.background=false"), "pixels", "background");
        assertRefused("x", student("dataSets.1.view.normalize.mean=[0.5, 0.5, 0.4]"), "boxes", "normalize");
        assertRefused(
                "x",
                student("dataSets.3.view.crop={kind: center-crop, shortSide: 32, size: 32}"),
                "size of the images is 64 x 64",
                "32 x 32");
        assertRefused("x", student("dataSets.3.view.background.red=0"), "behind transparent pixels");
        assertRefused(
                "x",
                student("distillation.otherTeachers=[{teacher: a, dataSets: {colors: colors}}]"),
                "does not have: [colors]");
        assertRefused("x", student("model.pyramid.strides=[4, 8, 16]"), "same strides");
        assertRefused(
                "x",
                student("distillation.features=[{place: stride64, distance: l2, weight: 1}]"),
                "no feature map of stride 64");
        assertThat(Files.exists(folder.resolve("x"))).isFalse();
    }

    @Test
    void aCheckpointOfAnotherStageIsRefused() throws IOException {
        Path amateur = folder.resolve("amateur");
        Files.createDirectories(amateur);
        Recipe recipe = student("distillation.teacher=" + amateur);
        UpstreamRecipe.Distill typed = (UpstreamRecipe.Distill) recipe.as(UpstreamRecipe.class);
        Files.writeString(
                amateur.resolve("recipe.yaml"), Recipe.load("amateur-desk").text());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> typed.distill()
                        .run(
                                new StageRun(
                                        folder.resolve("y"),
                                        recipe.text(),
                                        Origin.scratch(),
                                        folder.resolve("cache"),
                                        new Squares.Watch(),
                                        new StopRequest()),
                                (path, manager) -> Recipe.load("amateur-desk")
                                        .as(UpstreamRecipe.class)
                                        .open(new Checkpoint(path, 1), manager)))
                .withMessageContaining("is of kind amateur");
    }

    private static void assertRefused(String name, Recipe recipe, String... words) {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> run(recipe, name)))
                .hasMessageContainingAll(words);
    }
}
