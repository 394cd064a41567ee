package org.generalvision.benchmark.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.generalvision.benchmark.evidence.Study.Column;
import org.generalvision.benchmark.evidence.Study.Row;
import org.generalvision.benchmark.stage.Training;

/** What experts are worth against a generalist, on their own task and on the others'; the local stage; and distillation. */
final class TaskStudies {
    /** Steps of heads on a backbone that is not trained. */
    private static final int HEAD_STEPS = 120;

    /** Steps of the recipes of the generalists; in each one batch of every task. */
    private static final int STEPS = 300;

    /**
     * A task of the desk.
     *
     * @param word in names
     * @param recipe of its expert
     * @param expertSet data set of the expert that the figure is of
     * @param set data set of the generalist and of the student
     * @param metric its figure
     * @param column above it
     */
    private record Task(String word, String recipe, String expertSet, String set, String metric, Column column) {
        Figure ofExpert(LongFunction<Training> training) {
            return new Figure.Measured(training, expertSet + "/" + metric);
        }

        Figure ofGeneralist(LongFunction<Training> training) {
            return new Figure.Measured(training, set + "/" + metric);
        }
    }

    private static final Task CLASSIFICATION = new Task(
            "classification",
            "expert-classification-desk",
            "clipart",
            "clipart",
            "top1",
            Column.percent("clip art top-1"));

    private static final Task DETECTION =
            new Task("detection", "expert-detection-desk", "scenes", "boxes", "boxAp50", Column.percent("box AP50"));

    private static final Task SEGMENTATION =
            new Task("segmentation", "expert-segmentation-desk", "scenes", "pixels", "meanIou", Column.percent("mIoU"));

    private static final Task DEPTH =
            new Task("depth", "expert-depth-desk", "scenes", "depth", "rmse", new Column("depth RMSE, m", 1, 2));

    private static final List<Task> TASKS = List.of(CLASSIFICATION, DETECTION, SEGMENTATION, DEPTH);

    private static final List<Column> COLUMNS = TASKS.stream().map(Task::column).toList();

    private TaskStudies() {}

    private static Training seeded(String name, String recipe, long seed) {
        return Training.of("%s/seed-%d".formatted(name, seed), recipe, "train.seed=" + seed, "loader.seed=" + seed);
    }

    /** With as many steps as the generalists have: the same number of images of its task, but for classification, which has more. */
    private static Training expert(Task task, long seed) {
        return seeded(task.recipe, task.recipe, seed)
                .from(ImageTextStudies.amateur(seed))
                .with(steps(STEPS));
    }

    private static String[] steps(int steps) {
        return new String[] {"train.steps=" + steps, "train.evaluateEvery=" + steps, "train.saveEvery=" + steps};
    }

    private static Training hard(long seed) {
        return seeded("generalist-hard-desk", "generalist-hard-desk", seed).from(ImageTextStudies.amateur(seed));
    }

    private static Training soft(long seed, boolean transfer) {
        String name = transfer ? "generalist-soft-desk" : "generalist-soft-desk-apart";
        Training training = seeded(name, "generalist-soft-desk", seed).from(ImageTextStudies.amateur(seed));
        return transfer ? training : training.with("transfer=null");
    }

    /** New heads of a task on the backbone of another training, which stays as it is. */
    private static Training headsOn(String backbone, Training start, Task task, long seed) {
        return seeded("heads/%s-on-%s".formatted(task.word, backbone), task.recipe, seed)
                .from(start)
                .with(
                        "model.norms=frozen",
                        "train.schedule.warmup=10",
                        "train.freeze=[image]",
                        "train.optimizer.groups=[{patterns: [\"**\", \"!**.bias\"], learningRate: 1, weightDecay: 0.05},"
                                + " {patterns: [\"**.bias\"], learningRate: 1, weightDecay: 0}]")
                .with(steps(HEAD_STEPS));
    }

    private static Row headsOn(String label, String backbone, LongFunction<Training> start) {
        List<Figure> figures = new ArrayList<>();
        for (Task task : TASKS) {
            LongFunction<Training> heads = seed -> headsOn(backbone, start.apply(seed), task, seed);
            figures.add(task.ofExpert(heads));
            if (task.equals(CLASSIFICATION)) {
                figures.add(new Figure.Measured(heads, "fashion/top1"));
            }
        }
        return new Row(label, figures);
    }

    private static Row ofAllHeads(String label, LongFunction<Training> training) {
        return new Row(
                label, TASKS.stream().map(task -> task.ofGeneralist(training)).toList());
    }

    /** Experts and generalists with the heads that they were trained with. */
    static Study generalists() {
        Row experts = new Row(
                "experts, one for each task",
                TASKS.stream()
                        .map(task -> task.ofExpert(seed -> expert(task, seed)))
                        .toList());
        Row soft = ofAllHeads("generalist, soft sharing with the transfer module", seed -> soft(seed, true));
        Row apart = ofAllHeads("generalist, soft sharing without it", seed -> soft(seed, false));
        Row hard = ofAllHeads("generalist, hard sharing", TaskStudies::hard);
        List<Row> rows = List.of(
                experts,
                soft,
                apart,
                hard,
                soft.less(experts, "soft sharing less experts"),
                hard.less(experts, "hard sharing less experts"),
                soft.less(apart, "the transfer module: with less without"));
        return new Study(
                "generalists",
                "Is one generalist near the best of the experts everywhere? Held-out objects; boxes, masks and depth are"
                        + " synthetic.",
                COLUMNS,
                rows);
    }

    /** What a backbone is worth on each task, whatever it was trained for. */
    static Study backbones() {
        List<Row> rows = new ArrayList<>(List.of(headsOn("amateur", "amateur", ImageTextStudies::amateur)));
        for (Task task : TASKS) {
            rows.add(headsOn("expert of " + task.word, "expert-" + task.word, seed -> expert(task, seed)));
        }
        rows.add(headsOn("generalist, hard sharing", "generalist-hard", TaskStudies::hard));
        List<Column> columns = new ArrayList<>(COLUMNS);
        columns.add(1, Column.percent("Fashion-MNIST top-1"));
        return new Study(
                "backbones",
                "Does an expert win its own task and collapse on the others? New heads, %d steps on a backbone that is not trained."
                        .formatted(HEAD_STEPS),
                columns,
                rows);
    }

    private static Training local(long seed, boolean keeps) {
        String name = keeps ? "local-desk" : "local-desk-free";
        Training training = ImageTextStudies.measured(
                        Training.of("%s/seed-%d".formatted(name, seed), "local-desk"), seed)
                .from(ImageTextStudies.amateur(seed));
        return keeps ? training : training.with("objective.keep=0");
    }

    /** What the local stage gains on dense tasks, and what it loses of zero-shot classification. */
    static Study local() {
        List<Column> columns = List.of(
                Column.percent("regions found again"),
                Column.percent("zero-shot top-1"),
                Column.percent("image to text R@10"),
                DETECTION.column,
                SEGMENTATION.column);
        Row before = localRow("amateur", "amateur", ImageTextStudies::amateur, regions(true, "start/"));
        Row after = localRow("local stage", "local", seed -> local(seed, true), regions(true, ""));
        Row free = localRow(
                "local stage without the keeping term", "local-free", seed -> local(seed, false), regions(false, ""));
        List<Row> rows = List.of(
                before,
                after,
                free,
                after.less(before, "local stage less amateur"),
                free.less(before, "the same without the keeping term"));
        return new Study(
                "local",
                "Does the local stage gain on dense tasks, and at what loss of zero-shot accuracy? New heads, %d steps on a backbone that is not trained."
                        .formatted(HEAD_STEPS),
                columns,
                rows);
    }

    /** How many regions find themselves in another view among all of their batch; the stage measures it before and after. */
    private static Figure regions(boolean keeps, String when) {
        return new Figure.Measured(seed -> local(seed, keeps), when + "regions/inBatch");
    }

    private static Row localRow(String label, String backbone, LongFunction<Training> start, Figure regions) {
        return new Row(
                label,
                List.of(
                        regions,
                        new Figure.Measured(start, "zeroShot/clipart/top1"),
                        new Figure.Measured(start, "retrieval/clipart/imageToText/recall10"),
                        DETECTION.ofExpert(seed -> headsOn(backbone, start.apply(seed), DETECTION, seed)),
                        SEGMENTATION.ofExpert(seed -> headsOn(backbone, start.apply(seed), SEGMENTATION, seed))));
    }

    private static Training student(String name, Training teacher, long seed) {
        return seeded(name, "distill-desk", seed).reading("distillation.teacher", teacher);
    }

    /** The same student from labels; the teacher is opened, and not asked. */
    private static Training alone(long seed) {
        return student("distill-desk-alone", hard(seed), seed)
                .with(
                        "distillation.features=[]",
                        "distillation.classes.weight=0",
                        "distillation.pixels.weight=0",
                        "distillation.depth.weight=0",
                        "distillation.pyramid.weight=0");
    }

    /** A student with its teacher and alone. */
    static Study distillation() {
        Row taught = ofAllHeads("student of the hard one", seed -> student("distill-desk", hard(seed), seed));
        Row squeezed =
                ofAllHeads("student of the soft one", seed -> student("distill-desk-soft", soft(seed, true), seed));
        Row alone = ofAllHeads("student, labels alone", TaskStudies::alone);
        return new Study(
                "distillation",
                "Does a student learn more from the generalist than from the labels alone?",
                COLUMNS,
                List.of(
                        ofAllHeads("teacher: generalist, hard sharing", TaskStudies::hard),
                        ofAllHeads("teacher: generalist, soft sharing", seed -> soft(seed, true)),
                        taught,
                        squeezed,
                        alone,
                        taught.less(alone, "student of the hard one less labels alone"),
                        squeezed.less(alone, "student of the soft one less labels alone")));
    }
}
