package org.generalvision.upstream.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.Doubles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.train.StageRun;
import org.generalvision.train.StopRequest;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.amateur.Gradients;
import org.generalvision.upstream.expert.HeadedCheckpoint;
import org.generalvision.upstream.generalist.Squares;
import org.generalvision.upstream.head.Numbers;
import org.generalvision.weights.SafetensorsFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Students of an expert in every task, on squares of two colors. */
class DistillationTest {
    private static final List<String> FILES = List.of("model.safetensors", "optimizer.safetensors", "state.json");

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
    void everyTaskIsLearnedFromTheTeacherAndTheTeacherStaysAsItIs() throws IOException {
        byte[] before = Files.readAllBytes(teacher.model());
        Checkpoint student = run(
                student(
                        "train.steps=20",
                        "distillation.labels={classification: 0, detection: 0, segmentation: 0, depth: 0}"),
                "student");
        List<String> lines = Files.readAllLines(folder.resolve("student/metrics.jsonl"));
        for (String term : List.of(
                "classes/feature-stride8",
                "classes/feature-pooled",
                "classes/answers",
                "boxes/feature-stride8",
                "boxes/answers",
                "pixels/answers",
                "depth/answers")) {
            assertThat(value(lines.get(19), "loss/" + term)).as(term).isLessThan(value(lines.get(0), "loss/" + term));
        }
        assertThat(lines.get(0)).doesNotContain("loss/pixels/pixels");
        assertThat(student.evaluation()).containsKeys("classes/top1", "boxes/boxAp", "pixels/meanIou", "depth/rmse");
        assertThat(Files.readAllBytes(teacher.model())).isEqualTo(before);
        assertThat(student.facts())
                .containsEntry("teacher.depth", teacher.modelHash())
                .containsKey("data.depth");
    }

    private static double value(String line, String name) {
        String key = "\"" + name + "\":";
        int at = line.indexOf(key);
        assertThat(at).as(name + " in " + line).isNotNegative();
        return Double.parseDouble(line.substring(at + key.length()).split("[,}]", 2)[0]);
    }

    @Test
    void aRunThatIsStoppedAtAnyStepEndsWithTheSameBytes() {
        Checkpoint whole = run(student(), "whole");
        assertThat(folder.resolve("whole/metrics.jsonl"))
                .content()
                .contains("loss/pixels/pixels", "loss/boxes/masks", "loss/classes/class", "loss/depth/answers")
                .doesNotContain("loss/depth/depth");
        for (long stopped : new long[] {1, 3}) {
            String name = "stopped-" + stopped;
            StopRequest stop = new StopRequest();
            Squares.Watch watch = new Squares.Watch() {
                @Override
                public void step(Report report) {
                    if (report.step() == stopped) {
                        stop.request();
                    }
                }
            };
            Recipe recipe = student();
            Checkpoint half = recipe.as(UpstreamRecipe.class)
                    .run(new StageRun(
                            folder.resolve(name),
                            recipe.text(),
                            Origin.scratch(),
                            folder.resolve("cache"),
                            watch,
                            stop));
            assertThat(half.step()).isEqualTo(stopped);
            Checkpoint resumed = run(student(), name);
            for (String file : FILES) {
                assertThat(resumed.path().resolve(file))
                        .hasSameBinaryContentAs(whole.path().resolve(file));
            }
            assertThat(folder.resolve(name).resolve("metrics.jsonl"))
                    .hasSameBinaryContentAs(folder.resolve("whole/metrics.jsonl"));
        }
    }

    @Test
    void aStudentIsOpenedAsAnExpertWithoutItsAdaptersAndTeachesInTurn() {
        Checkpoint first = run(student("train.steps=1"), "first");
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile file = SafetensorsFile.open(first.model())) {
            HeadedCheckpoint opened = UpstreamRecipe.openHeaded(first.path(), manager);
            TreeSet<String> adapters = new TreeSet<>(file.names());
            adapters.removeAll(opened.network().layer().parameters().keySet());
            assertThat(adapters)
                    .containsExactlyInAnyOrderElementsOf(Stream.of("boxes", "classes", "depth", "pixels")
                            .flatMap(set -> Stream.concat(
                                            Stream.of("stride8", "pooled"),
                                            set.equals("boxes") ? Stream.of("pyramid") : Stream.of())
                                    .flatMap(place -> Stream.of("weight", "bias")
                                            .map(name -> "adapters.%s.%s.%s".formatted(set, place, name))))
                            .toList());
            NDArray pooled = opened.network()
                    .features("classes", manager.ones(new Shape(2, 3, 64, 64)), opened.pass())
                    .pooled();
            assertThat(pooled.getShape()).isEqualTo(new Shape(2, 48));
        }
        UpstreamRecipe.Distill recipe = (UpstreamRecipe.Distill) student().as(UpstreamRecipe.class);
        Checkpoint expert = Squares.run(
                Squares.expert(folder.resolve("squares"))
                        .with(List.of(
                                "train.steps=1", "model.image=" + recipe.model().image())),
                folder.resolve("expert-of-student"),
                Origin.initializeFrom(first.path()),
                new Squares.Watch());
        assertThat(expert.step()).isEqualTo(1);
        Checkpoint second = run(
                student("train.steps=1", "distillation.teacher=" + folder.resolve("first"), "model.image=mn-n"),
                "second");
        assertThat(second.facts()).containsEntry("teacher.boxes", first.modelHash());
    }

    @Test
    void aStudentBeginsWithTheWeightsThatItWouldBeginWithAlone() {
        Recipe recipe = student();
        UpstreamRecipe.Distill typed = (UpstreamRecipe.Distill) recipe.as(UpstreamRecipe.class);
        Distillation distillation = typed.distill();
        FeatureWidths own = FeatureWidths.of(typed.model());
        Student student = distillation.student(Map.of("classes", own, "boxes", own, "pixels", own, "depth", own));
        assertThat(student.parameters().keySet())
                .containsAll(student.expert().parameters().keySet())
                .anyMatch(Distillation::isAdapter);
        assertThat(student.layers().keySet())
                .containsAll(student.expert().layers().keySet());
        List<String> order = List.copyOf(student.layers().keySet());
        assertThat(order.indexOf("adapters")).isGreaterThan(order.lastIndexOf("heads.depth.depth"));
    }

    @Test
    void theBranchesOfASoftGeneralistAreSqueezedIntoOneBackbone() {
        Checkpoint soft = Squares.run(Squares.soft(folder.resolve("squares")), folder.resolve("soft"));
        try (NDManager manager = NDManager.newBaseManager()) {
            HeadedCheckpoint opened = UpstreamRecipe.openHeaded(soft.path(), manager);
            NDArray images = Gradients.normal(manager, "images", 2, 3, 64, 64).toType(DataType.FLOAT32, false);
            Map<String, List<Double>> pooled = new TreeMap<>();
            for (String set : List.of("classes", "boxes", "pixels", "depth")) {
                Teacher.Lesson lesson =
                        new Teacher(soft.path(), opened, set).lesson(images, List.of(new Place(0)), false);
                pooled.put(
                        set,
                        Doubles.asList(Numbers.of(
                                Objects.requireNonNull(lesson.places().get("pooled")))));
            }
            // Three branches: pixels and depth share one.
            assertThat(pooled.get("pixels")).isEqualTo(pooled.get("depth"));
            assertThat(new HashSet<>(pooled.values())).hasSize(3);
        }
        Checkpoint student =
                run(student("train.steps=2", "distillation.teacher=" + folder.resolve("soft")), "squeezed");
        assertThat(student.facts()).containsEntry("teacher.classes", soft.modelHash());
        assertThat(student.evaluation()).containsKeys("classes/top1", "boxes/boxAp", "pixels/meanIou", "depth/rmse");
        try (SafetensorsFile file = SafetensorsFile.open(student.model())) {
            assertThat(file.names()).noneMatch(name -> name.startsWith("branches."));
            assertThat(file.names().stream().map(name -> name.substring(0, name.indexOf('.'))))
                    .containsOnly("image", "pyramid", "heads", "adapters");
        }
    }

    @Test
    void batchesTooSmallForAHeadAreRefusedBeforeAnythingIsWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(student("loader.batchSize=1"), "single"))
                .withMessageContaining("loader.batchSize must be at least 2, since the head of pixels");
        assertThat(folder.resolve("single")).doesNotExist();
    }

    @Test
    void featuresAloneCanBeLearned() throws IOException {
        run(
                student(
                        "train.steps=1",
                        "distillation.classes.weight=0",
                        "distillation.pixels.weight=0",
                        "distillation.depth.weight=0",
                        "distillation.pyramid.weight=0",
                        "distillation.labels={classification: 0, detection: 0, segmentation: 0, depth: 0}"),
                "features");
        assertThat(Files.readString(folder.resolve("features/metrics.jsonl")))
                .contains("boxes/feature-pooled")
                .doesNotContain("answers")
                .doesNotContain("loss/boxes/boxes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ((UpstreamRecipe.Distill)
                                student("distillation.features=[]", "distillation.depth.weight=0")
                                        .as(UpstreamRecipe.class))
                        .distill())
                .withMessageContaining("Nothing is learned of depth");
    }
}
