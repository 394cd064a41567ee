package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.EvaluationPass;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.metric.Predictions;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Classification by text alone: a class is the mean of its prompts' embeddings (arXiv 2103.00020, section 3.1.4), and an
 * image belongs to the class with the largest cosine. Gradients must be off.
 */
public final class ZeroShot {
    /** What stands for the name of the class in a template. */
    public static final String NAME = "{}";

    private final ImageTextModel model;
    private final Tokenizer tokenizer;
    private final Pass pass;

    /**
     * A classifier of a trained model.
     *
     * @param pass an evaluation pass
     */
    public ZeroShot(ImageTextModel model, Tokenizer tokenizer, Pass pass) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.pass = pass;
    }

    /**
     * One direction per class: normalize(mean over templates of normalize(embedding of the prompt)).
     *
     * @param names of the classes, as they stand in a prompt
     * @param templates each with {@code {}} where the name goes
     * @param manager owner of the result
     * @return (classes, E)
     */
    public NDArray classes(List<String> names, List<String> templates, NDManager manager) {
        templates.forEach(ZeroShot::requireTemplate);
        if (names.isEmpty() || templates.isEmpty()) {
            throw new IllegalArgumentException("Zero-shot classification needs at least one class and one template");
        }
        NDList rows = new NDList();
        for (String name : names) {
            // One class at a time: its prompts are one batch.
            try (NDManager scratch = manager.newSubManager()) {
                List<String> prompts =
                        templates.stream().map(t -> t.replace(NAME, name)).toList();
                NDArray prompts_TE = model.textFeatures(encode(prompts, scratch), pass);
                NDArray mean_1E = prompts_TE.mean(new int[] {0}, true);
                NDArray class_1E = Ops.normalize(mean_1E, 1);
                class_1E.attach(manager);
                rows.add(class_1E);
            }
        }
        try (rows) {
            return NDArrays.concat(rows, 0);
        }
    }

    static void requireTemplate(String template) {
        int first = template.indexOf(NAME);
        if (first < 0 || template.indexOf(NAME, first + 1) >= 0) {
            throw new IllegalArgumentException("A template must hold {} once, where the name goes: " + template);
        }
    }

    private NDArray encode(List<String> texts, NDManager manager) {
        int context = model.contextLength();
        long[] tokens = texts.stream()
                .flatMapToLong(t -> LongStream.of(tokenizer.encode(t, context)))
                .toArray();
        return manager.create(tokens, new Shape(texts.size(), context));
    }

    /**
     * Cosines of images with the classes.
     *
     * @param labelled batches with {@code image} and {@code label}, of which there is at least one
     * @param classes_CE what {@link #classes} gave
     */
    public Predictions predict(EvaluationPass labelled, NDArray classes_CE) {
        List<float[]> scores = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        while (labelled.hasNext()) {
            try (NDManager step = classes_CE.getManager().newSubManager()) {
                Batch batch = labelled.next(step);
                NDArray image_BE = model.forward(batch.get("image"), pass);
                NDArray keys_EC = classes_CE.transpose();
                keys_EC.attach(step);
                scores.add(image_BE.matMul(keys_EC).toFloatArray());
                Arrays.stream(batch.get("label").toLongArray()).forEach(label -> labels.add((int) label));
            }
        }
        int numClasses = (int) classes_CE.getShape().get(0);
        return new Predictions(
                joined(scores),
                numClasses,
                labels.stream().mapToInt(Integer::intValue).toArray());
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(p -> p.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
