package org.generalvision.data.curate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.generalvision.data.example.Embedder;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;

/**
 * Class scores by a model of images and texts: the softmax over classes of the cosine of image and prompt, times a scale (Radford
 * et al.: Learning transferable visual models from natural language supervision, 2021, section 3.1.2).
 *
 * @param prompt text with {@code {}} where the class goes
 * @param scale factor of the cosines, such as 100
 */
public record ZeroShotScores(String prompt, double scale) {
    private static final int BATCH = 64;
    private static final double LEAST = 1e-6;

    public ZeroShotScores {
        if (!prompt.contains("{}")) {
            throw new IllegalArgumentException("The prompt must have {} where the class goes: " + prompt);
        }
        if (!(scale > 0 && scale <= 1000)) {
            throw new IllegalArgumentException("The scale must lie in (0, 1000]: " + scale);
        }
    }

    /** All labels of a source. */
    public static SortedSet<String> labels(ExampleSource source) {
        SortedSet<String> labels = new TreeSet<>();
        for (long i = 0; i < source.size(); i++) {
            labels.addAll(source.get(i).labels());
        }
        return labels;
    }

    /**
     * Writes a scores file. Images that cannot be read get no line.
     *
     * @param classes at least two
     * @param progress runs once for each example
     */
    public void write(
            Path file, ExampleSource source, SortedSet<String> classes, Embedder embedder, Runnable progress) {
        if (classes.size() < 2) {
            throw new IllegalArgumentException("Scores need at least two classes: " + classes);
        }
        List<String> names = List.copyOf(classes);
        float[][] texts = embedder.texts(
                names.stream().map(name -> prompt.replace("{}", name)).toList());
        Iterable<ClassScores> lines = () -> new Lines(source, embedder, names, texts, progress);
        JsonLines.write(file, lines);
    }

    private final class Lines implements Iterator<ClassScores> {
        private final ExampleSource source;
        private final Embedder embedder;
        private final List<String> names;
        private final float[][] texts;
        private final Runnable progress;
        private final List<ClassScores> ready = new ArrayList<>();
        private long next;

        Lines(ExampleSource source, Embedder embedder, List<String> names, float[][] texts, Runnable progress) {
            this.source = source;
            this.embedder = embedder;
            this.names = names;
            this.texts = texts;
            this.progress = progress;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && next < source.size()) {
                List<Example> batch = new ArrayList<>();
                for (; batch.size() < BATCH && next < source.size(); next++) {
                    batch.add(source.get(next));
                    progress.run();
                }
                float[][] images = embedder.images(batch);
                for (int i = 0; i < images.length; i++) {
                    if (Vectors.isFinite(images[i])) {
                        ready.add(new ClassScores(batch.get(i).id(), scores(images[i])));
                    }
                }
            }
            return !ready.isEmpty();
        }

        @Override
        public ClassScores next() {
            if (!hasNext()) {
                throw new java.util.NoSuchElementException("All examples are scored");
            }
            return ready.remove(0);
        }

        private SortedMap<String, Double> scores(float[] image) {
            double[] logits = new double[texts.length];
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < logits.length; i++) {
                logits[i] = scale * Vectors.dot(image, texts[i]);
                most = Math.max(most, logits[i]);
            }
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Math.exp(logits[i] - most);
                sum += logits[i];
            }
            SortedMap<String, Double> scores = new TreeMap<>();
            for (int i = 0; i < logits.length; i++) {
                if (logits[i] / sum >= LEAST) {
                    scores.put(names.get(i), logits[i] / sum);
                }
            }
            return scores;
        }
    }
}
