package org.generalvision.upstream.distill;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.augment.ImageView;
import org.generalvision.train.Checkpoint;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertTask;
import org.generalvision.upstream.expert.HeadedCheckpoint;

/** The teacher of each of a student's data sets. */
record Teachers(Map<String, Teacher> byDataSet) {
    private static final String FACT = "teacher.";

    Teachers {
        byDataSet = Map.copyOf(byDataSet);
    }

    /**
     * Opens each teacher once and compares it with the data sets that it is to teach.
     *
     * @param manager owner of their weights
     * @throws IllegalArgumentException if one does not fit
     */
    static Teachers open(
            DistillationConfig config,
            List<ExpertDataSet> dataSets,
            HeadedCheckpoint.Opener opener,
            NDManager manager) {
        config.requireKnown(dataSets.stream().map(ExpertDataSet::name).toList());
        Map<Path, HeadedCheckpoint> opened = new HashMap<>();
        Map<String, Teacher> byDataSet = new LinkedHashMap<>();
        for (ExpertDataSet set : dataSets) {
            DistillationConfig.TaughtBy by = config.teacherOf(set.name());
            HeadedCheckpoint network = opened.computeIfAbsent(by.teacher(), path -> opener.open(path, manager));
            Teacher teacher = new Teacher(by.teacher(), network, by.dataSet());
            requireFit(set, teacher, config.weights(set.task()).answers() > 0);
            byDataSet.put(set.name(), teacher);
        }
        return new Teachers(byDataSet);
    }

    /** The teacher of a data set. */
    Teacher of(String dataSet) {
        Teacher teacher = byDataSet.get(dataSet);
        if (teacher == null) {
            throw new IllegalStateException("There is no teacher of " + dataSet);
        }
        return teacher;
    }

    private static void requireFit(ExpertDataSet set, Teacher teacher, boolean answers) {
        ExpertDataSet known = teacher.known();
        Check check = new Check(set.name(), teacher.path());
        check.same("task", kind(set.task()), kind(known.task()));
        if (answers) {
            check.same("classes", set.task().classes(), known.task().classes());
            check.same("hash of labels", set.task().hash(), known.task().hash());
            check.same("background", background(set.task()), background(known.task()));
        }
        check.same("size of the images", size(set.view()), size(known.view()));
        check.same("normalize", set.view().normalize(), known.view().normalize());
        check.same(
                "background behind transparent pixels",
                set.view().background(),
                known.view().background());
    }

    private record Check(String dataSet, Path teacher) {
        void same(String what, Object student, Object taught) {
            if (!student.equals(taught)) {
                throw new IllegalArgumentException(
                        "The teacher %s does not fit the data set %s: its %s is %s, and the recipe has %s"
                                .formatted(teacher, dataSet, what, taught, student));
            }
        }
    }

    private static String kind(ExpertTask task) {
        return task.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    private static boolean background(ExpertTask task) {
        return task instanceof ExpertTask.Segmentation segmentation && segmentation.background();
    }

    private static String size(ImageView view) {
        return view.crop().height() + " x " + view.crop().width();
    }

    /** What the provenance of the student's checkpoints says of them. */
    SortedMap<String, String> facts() {
        SortedMap<String, String> facts = new TreeMap<>();
        byDataSet.forEach((name, teacher) -> facts.put(FACT + name, teacher.hash()));
        return facts;
    }

    /**
     * Refuses to go on from a checkpoint that learned from others.
     *
     * @throws IllegalArgumentException naming the data set
     */
    void requireSame(Checkpoint checkpoint) {
        SortedMap<String, String> before = checkpoint.facts();
        byDataSet.forEach((name, teacher) -> {
            String hash = before.get(FACT + name);
            if (!teacher.hash().equals(hash)) {
                throw new IllegalArgumentException(
                        ("%s cannot go on with %s as the teacher of %s: it learned from %s, and this one's weights have the"
                                        + " SHA-256 %s; name the checkpoint that it was begun with, or another run directory")
                                .formatted(
                                        checkpoint.path(),
                                        teacher.path(),
                                        name,
                                        hash == null ? "none" : "weights with the SHA-256 " + hash,
                                        teacher.hash()));
            }
        });
    }
}
