package org.generalvision.upstream.distill;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Objects;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.train.Losses;
import org.generalvision.train.Objective;
import org.generalvision.upstream.expert.Answers;
import org.generalvision.upstream.expert.DataSetBatch;
import org.generalvision.upstream.expert.Features;

/**
 * Each batch is of one data set: the student is drawn to the features of that data set's teacher, to what the teacher's head says, and
 * to the labels.
 */
final class DistillationObjective implements Objective {
    private final DistillationConfig config;
    private final Student student;
    private final Teachers teachers;
    private final Distillation settings;

    DistillationObjective(Distillation settings, Student student, Teachers teachers) {
        this.settings = settings;
        this.config = settings.distillation();
        this.student = student;
        this.teachers = teachers;
    }

    @Override
    public Layer model() {
        return student;
    }

    @Override
    public Losses losses(Batch batch, Pass pass) {
        DataSetBatch of = DataSetBatch.of(batch);
        String name = of.dataSet();
        NDArray images = of.own().get("image");
        DistillationConfig.Weights weights =
                config.weights(settings.dataSet(name).task());
        Teacher.Lesson lesson = teachers.of(name).lesson(images, settings.places(), weights.answers() > 0);
        Features features = student.features(name, images, pass);
        Losses losses = new Losses();
        addFeatures(name, features, lesson, losses);
        if (weights.labels() > 0) {
            Answers said = addLabels(of, features, weights.labels(), losses);
            addAnswers(name, said, lesson, features.pass(), losses);
        } else if (weights.answers() > 0) {
            int height = Math.toIntExact(images.getShape().get(2));
            int width = Math.toIntExact(images.getShape().get(3));
            addAnswers(name, student.head(name).answers(features, height, width), lesson, features.pass(), losses);
        }
        return losses;
    }

    private void addFeatures(String name, Features features, Teacher.Lesson lesson, Losses losses) {
        for (DistillationConfig.FeatureTarget target : config.features()) {
            Place place = target.place();
            NDArray taught = Objects.requireNonNull(lesson.places().get(place.toString()));
            NDArray own = student.adapters(name).adapted(place, place.read(features), taught, features.pass());
            losses.add(
                    "%s/feature-%s".formatted(name, place),
                    target.weight(),
                    target.distance().between(own, taught));
        }
    }

    private Answers addLabels(DataSetBatch of, Features features, double weight, Losses losses) {
        Losses own = new Losses();
        Answers said = student.head(of.dataSet()).addLosses(features, of.own(), of.dataSet() + "/", own);
        own.terms().forEach(term -> losses.add(term.name(), weight * term.weight(), term.value()));
        return said;
    }

    private void addAnswers(String name, Answers said, Teacher.Lesson lesson, Pass pass, Losses losses) {
        if (lesson.answers() == null) {
            return;
        }
        String term = name + "/answers";
        if (said instanceof Answers.Classes own && lesson.answers() instanceof Answers.Classes taught) {
            boolean pixels = own.logits().getShape().dimension() == 4;
            DistillationConfig.SoftClasses soft = pixels ? config.pixels() : config.classes();
            NDArray same = Adapters.onGrid(taught.logits(), own.logits());
            losses.add(term, soft.weight(), new SoftTargets(soft.temperature()).divergence(own.logits(), same));
        } else if (said instanceof Answers.Concepts own && lesson.answers() instanceof Answers.Concepts taught) {
            SoftTargets soft = new SoftTargets(config.classes().temperature());
            losses.add(term, config.classes().weight(), soft.ofConcepts(own.logits(), taught.logits()));
        } else if (said instanceof Answers.Depths own && lesson.answers() instanceof Answers.Depths taught) {
            losses.add(term, config.depth().weight(), config.depth().distance().between(own.logs(), taught.logs()));
        } else if (said instanceof Answers.Maps own && lesson.answers() instanceof Answers.Maps taught) {
            losses.add(term, config.pyramid().weight(), levels(name, own.maps(), taught.maps(), pass));
        } else {
            throw new IllegalStateException(
                    "The head of %s and that of its teacher answer in other ways".formatted(name));
        }
    }

    /** Mean over the maps of the pyramid, so that each counts the same, however many cells it has. */
    private NDArray levels(String name, List<NDArray> own, List<NDArray> taught, Pass pass) {
        Adapters adapters = student.adapters(name);
        Losses each = new Losses();
        for (int i = 0; i < own.size(); i++) {
            NDArray adapted = adapters.adaptedLevel(own.get(i), taught.get(i), pass);
            each.add("level" + i, 1.0 / own.size(), config.pyramid().distance().between(adapted, taught.get(i)));
        }
        return each.total();
    }
}
