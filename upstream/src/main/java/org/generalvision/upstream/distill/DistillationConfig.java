package org.generalvision.upstream.distill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.generalvision.upstream.expert.ExpertTask;

/**
 * From whom a student learns, and what.
 *
 * @param teacher a checkpoint, or a run directory for its newest one, of an expert, a generalist or a student; the teacher of all
 *     data sets that {@code otherTeachers} does not name, each under the same name
 * @param otherTeachers further teachers, each for some data sets
 * @param features places whose features are imitated on the batches of every data set, each through an adapter of the data set
 * @param classes of classification: what its head says of images, be it one class or any number of concepts
 * @param pixels of segmentation: what its head says of the cells of its map
 * @param depth of depth: the logarithms of metres of all pixels, with truth or without
 * @param pyramid of detection: all cells of the maps in which objects are looked for, through an adapter
 * @param labels how much the heads' own losses on labels count
 */
public record DistillationConfig(
        Path teacher,
        List<OtherTeacher> otherTeachers,
        List<FeatureTarget> features,
        SoftClasses classes,
        SoftClasses pixels,
        Imitated depth,
        Imitated pyramid,
        Labels labels) {
    public DistillationConfig {
        otherTeachers = List.copyOf(otherTeachers);
        features = List.copyOf(features);
        List<String> named = otherTeachers.stream()
                .flatMap(other -> other.dataSets.keySet().stream())
                .toList();
        if (new HashSet<>(named).size() != named.size()) {
            throw new IllegalArgumentException("otherTeachers must name each data set once: " + named);
        }
        Set<Place> places = new HashSet<>();
        for (FeatureTarget target : features) {
            if (!places.add(target.place)) {
                throw new IllegalArgumentException("features must name each place once: " + target.place);
            }
        }
        if (depth.distance == Distance.COSINE) {
            throw new IllegalArgumentException("depth.distance must be l1 or l2: depths have no direction");
        }
    }

    /**
     * A teacher of some data sets alone, such as an expert of their task.
     *
     * @param teacher a checkpoint or a run directory
     * @param dataSets at least one: the student's name of it, and the teacher's
     */
    public record OtherTeacher(Path teacher, Map<String, String> dataSets) {
        public OtherTeacher {
            dataSets = Map.copyOf(dataSets);
            if (dataSets.isEmpty()) {
                throw new IllegalArgumentException(
                        "dataSets must name at least one data set that " + teacher + " teaches");
            }
        }
    }

    /**
     * A feature that is imitated.
     *
     * @param weight of the distance in the total, positive
     */
    public record FeatureTarget(Place place, Distance distance, double weight) {
        public FeatureTarget {
            requireWeight("weight", weight);
            if (weight == 0) {
                throw new IllegalArgumentException("weight must be positive: leave out what is not to be imitated");
            }
        }
    }

    /**
     * Imitation of classes by {@link SoftTargets}.
     *
     * @param weight of the divergence in the total; 0 for no imitation
     * @param temperature of both sides, positive
     */
    public record SoftClasses(double weight, double temperature) {
        public SoftClasses {
            requireWeight("weight", weight);
            new SoftTargets(temperature);
        }
    }

    /**
     * Imitation of numbers.
     *
     * @param weight of the distance in the total; 0 for no imitation
     */
    public record Imitated(double weight, Distance distance) {
        public Imitated {
            requireWeight("weight", weight);
        }
    }

    /** Weights of the heads' own losses by task; 0 where only the teacher is learned from. */
    public record Labels(double classification, double detection, double segmentation, double depth) {
        public Labels {
            requireWeight("classification", classification);
            requireWeight("detection", detection);
            requireWeight("segmentation", segmentation);
            requireWeight("depth", depth);
        }
    }

    private static void requireWeight(String name, double weight) {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must not be negative or infinite: " + weight);
        }
    }

    /** How much the answers of a head and its own losses count. */
    record Weights(double answers, double labels) {}

    /** The weights for a task. */
    Weights weights(ExpertTask task) {
        if (task instanceof ExpertTask.Classification || task instanceof ExpertTask.MultiLabel) {
            return new Weights(classes.weight, labels.classification);
        }
        if (task instanceof ExpertTask.Detection) {
            return new Weights(pyramid.weight, labels.detection);
        }
        if (task instanceof ExpertTask.Segmentation) {
            return new Weights(pixels.weight, labels.segmentation);
        }
        if (task instanceof ExpertTask.Depth) {
            return new Weights(depth.weight, labels.depth);
        }
        throw new IllegalArgumentException("There is no distillation of "
                + task.getClass().getSimpleName() + ", only of classification, detection, segmentation and depth");
    }

    /** Who teaches a data set, and what it is called there. */
    record TaughtBy(Path teacher, String dataSet) {}

    /** The teacher of a data set. */
    TaughtBy teacherOf(String dataSet) {
        for (OtherTeacher other : otherTeachers) {
            String name = other.dataSets.get(dataSet);
            if (name != null) {
                return new TaughtBy(other.teacher, name);
            }
        }
        return new TaughtBy(teacher, dataSet);
    }

    /** Refuses names that are none of the student's data sets. */
    void requireKnown(List<String> dataSets) {
        List<String> unknown = new ArrayList<>();
        otherTeachers.forEach(other -> unknown.addAll(other.dataSets.keySet()));
        unknown.removeAll(dataSets);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "otherTeachers names data sets that the student does not have: %s; it has %s"
                            .formatted(unknown, dataSets));
        }
    }
}
