package org.generalvision.data.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.generalvision.data.example.Embedder;
import org.generalvision.data.example.Example;
import org.jspecify.annotations.Nullable;

/**
 * Removes examples whose caption does not fit the image, by the cosine of their embeddings. Compared is the first caption that is
 * not blank, the one that training uses. Examples without a caption are left alone, and so are images that cannot be read.
 *
 * @param below examples with a smaller cosine go, in [-1, 1]; null for none
 * @param bottomShare this share of the scored examples goes, those with the smallest cosines, in [0, 1)
 */
public record Consistency(@Nullable Double below, double bottomShare) {
    private static final int BATCH = 64;

    public Consistency {
        if (below != null && !(below >= -1 && below <= 1)) {
            throw new IllegalArgumentException("A cosine must lie in [-1, 1]: " + below);
        }
        if (!(bottomShare >= 0 && bottomShare < 1)) {
            throw new IllegalArgumentException("The share to remove must lie in [0, 1): " + bottomShare);
        }
        if (below == null && bottomShare == 0) {
            throw new IllegalArgumentException("Say what is to go: examples below a cosine, or a share of all");
        }
    }

    /** Examines what the step sees; {@code progress} runs once for each example. */
    public void run(CurationStep step, Embedder embedder, Runnable progress) {
        float[] scores = scores(step, embedder, progress);
        double limit = Math.max(below == null ? Double.NEGATIVE_INFINITY : below, quantile(scores));
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < limit) {
                Example example = step.source().get(i);
                step.remove(
                        i,
                        example.id(),
                        "image and caption do not fit",
                        Map.of("cosine", (double) scores[i], "limit", limit, "caption", caption(example)));
            }
        }
    }

    /** One cosine for each example, NaN where there is none. */
    private static float[] scores(CurationStep step, Embedder embedder, Runnable progress) {
        float[] scores = new float[NearDuplicates.requireCountable(step.source().size())];
        Arrays.fill(scores, Float.NaN);
        List<Example> batch = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            Example example = step.source().get(i);
            if (!caption(example).isEmpty()) {
                batch.add(example);
                places.add(i);
            }
            if (batch.size() == BATCH || (i == scores.length - 1 && !batch.isEmpty())) {
                float[][] images = embedder.images(batch);
                float[][] texts =
                        embedder.texts(batch.stream().map(Consistency::caption).toList());
                for (int row = 0; row < batch.size(); row++) {
                    scores[places.get(row)] = (float) Vectors.dot(images[row], texts[row]);
                }
                batch.clear();
                places.clear();
            }
            progress.run();
        }
        return scores;
    }

    /** The smallest cosine of what stays when the share goes. */
    private double quantile(float[] scores) {
        float[] sorted = scores.clone();
        Arrays.sort(sorted); // NaN last
        int scored = sorted.length;
        while (scored > 0 && Float.isNaN(sorted[scored - 1])) {
            scored--;
        }
        int goes = (int) (bottomShare * scored);
        return goes == 0 ? Double.NEGATIVE_INFINITY : sorted[goes];
    }

    private static String caption(Example example) {
        return example.captions().stream()
                .map(Example.Caption::text)
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
    }
}
