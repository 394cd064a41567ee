package org.generalvision.upstream.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.generalvision.upstream.expert.Answers;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.Features;
import org.generalvision.upstream.expert.HeadedCheckpoint;
import org.jspecify.annotations.Nullable;

/**
 * A trained network that teaches a student one data set, by the head and, of a generalist, the branch that it has for that data set.
 * It is frozen and only ever walked through in evaluation and without gradients, so nothing of it changes.
 *
 * @param path where it lies, as the recipe says
 * @param opened its network and data sets
 * @param dataSet what it calls the data set
 */
record Teacher(Path path, HeadedCheckpoint opened, String dataSet) {
    /** SHA-256 of its weights. */
    String hash() {
        return opened.checkpoint().modelHash();
    }

    /**
     * What its head was trained on.
     *
     * @throws IllegalArgumentException if it has no such head
     */
    ExpertDataSet known() {
        return opened.dataSets().stream()
                .filter(other -> other.name().equals(dataSet))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "The teacher %s has no head for the data set %s, only for %s: say in distillation what it is called there"
                                .formatted(
                                        path,
                                        dataSet,
                                        opened.dataSets().stream()
                                                .map(ExpertDataSet::name)
                                                .toList())));
    }

    /**
     * What it makes of the images of a batch.
     *
     * @param places features by place
     * @param answers of the data set's head, or null if they were not asked for
     */
    record Lesson(
            SortedMap<String, NDArray> places, @Nullable Answers answers) {}

    /**
     * What it makes of images; the results belong to their manager, and all else is given back.
     *
     * @param images (B, 3, H, W)
     */
    Lesson lesson(NDArray images, List<Place> places, boolean withAnswers) {
        if (places.isEmpty() && !withAnswers) {
            return new Lesson(new TreeMap<>(), null);
        }
        return watched(images, features -> {
            SortedMap<String, NDArray> found = new TreeMap<>();
            places.forEach(place -> found.put(place.toString(), kept(place.read(features), images)));
            if (!withAnswers) {
                return new Lesson(found, null);
            }
            int height = Math.toIntExact(images.getShape().get(2));
            int width = Math.toIntExact(images.getShape().get(3));
            return new Lesson(found, kept(opened.network().head(dataSet).answers(features, height, width), images));
        });
    }

    /** Reads off features of images, of which nothing else outlives the call. */
    <T> T watched(NDArray images, Function<Features, T> read) {
        boolean gradients = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try (NDManager scratch = images.getManager().newSubManager()) {
            NDArray lent = images.stopGradient();
            lent.attach(scratch);
            return read.apply(opened.network().features(dataSet, lent, opened.pass()));
        } finally {
            JniUtils.setGradMode(gradients);
        }
    }

    private static NDArray kept(NDArray x, NDArray images) {
        NDArray handle = x.stopGradient();
        handle.attach(images.getManager());
        return handle;
    }

    private static Answers kept(Answers answers, NDArray images) {
        if (answers instanceof Answers.Classes classes) {
            return new Answers.Classes(kept(classes.logits(), images));
        }
        if (answers instanceof Answers.Concepts concepts) {
            return new Answers.Concepts(kept(concepts.logits(), images));
        }
        if (answers instanceof Answers.Depths depths) {
            return new Answers.Depths(kept(depths.logs(), images));
        }
        List<NDArray> maps = new ArrayList<>();
        ((Answers.Maps) answers).maps().forEach(map -> maps.add(kept(map, images)));
        return new Answers.Maps(maps);
    }
}
