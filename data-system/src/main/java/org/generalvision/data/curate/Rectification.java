package org.generalvision.data.curate;

import java.util.Map;
import java.util.Optional;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.PixelReader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;

/**
 * Removes labelled examples that lie outside of what their label means, in the three classes of Bamboo (arXiv 2203.07845):
 * noise (no object at all), covariate shift (the object is too small or unusable) and semantic shift (another object). A model's
 * class scores tell noise and semantic shift; size and boxes tell covariate shift. Examples without labels or without scores are
 * judged by what there is.
 *
 * @param noiseBelow an image whose most probable class has less is noise, in [0, 1]
 * @param shiftAbove an image is shifted in meaning if a class that is not among its labels has at least this, in (0, 1]
 * @param ownBelow and its labels together have less than this, in [0, 1]
 * @param minSide shortest side in pixels
 * @param minObject smallest share of the image that its largest box covers, in [0, 1]
 */
public record Rectification(double noiseBelow, double shiftAbove, double ownBelow, int minSide, double minObject) {
    private static final int SIDE = 32;

    /** Gray values of an image of one color stay this close together. */
    private static final double FLAT = 3;

    public Rectification {
        requireShare("noise-below", noiseBelow);
        requireShare("shift-above", shiftAbove);
        requireShare("own-below", ownBelow);
        requireShare("min-object", minObject);
        if (minSide < 0) {
            throw new IllegalArgumentException("min-side must not be negative: " + minSide);
        }
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + " must lie in [0, 1]: " + share);
        }
    }

    private record Shift(String reason, Map<String, Object> evidence) {}

    /**
     * Examines what the step sees.
     *
     * @param scores by id
     * @param progress runs once for each example
     */
    public void run(CurationStep step, Map<String, ClassScores> scores, Runnable progress) {
        try (PixelReader pixels = new PixelReader()) {
            for (long index = 0; index < step.source().size(); index++) {
                Example example = step.source().get(index);
                Optional<Shift> shift = Optional.ofNullable(scores.get(example.id()))
                        .flatMap(own -> byScores(example, own))
                        .or(() -> byImage(example, pixels));
                if (shift.isPresent()) {
                    step.remove(
                            index,
                            example.id(),
                            shift.get().reason(),
                            shift.get().evidence());
                }
                progress.run();
            }
        }
    }

    private Optional<Shift> byScores(Example example, ClassScores scores) {
        String best = scores.best();
        double highest = scores.of(best);
        if (highest < noiseBelow) {
            return Optional.of(new Shift("noise", Map.of("best", best, "probability", highest)));
        }
        double own =
                example.labels().stream().distinct().mapToDouble(scores::of).sum();
        if (!example.labels().isEmpty()
                && !example.labels().contains(best)
                && highest >= shiftAbove
                && own < ownBelow) {
            return Optional.of(new Shift(
                    "semantic shift",
                    Map.of("labels", example.labels(), "own", own, "best", best, "probability", highest)));
        }
        return Optional.empty();
    }

    private Optional<Shift> byImage(Example example, PixelReader pixels) {
        try {
            ImageHeader header = ImageHeader.parse(example.image());
            int side = Math.min(header.height(), header.width());
            if (side < minSide) {
                return Optional.of(new Shift("covariate shift", Map.of("side", side)));
            }
            double object = example.boxes().stream()
                    .mapToDouble(box -> (box.x2() - box.x1()) * (box.y2() - box.y1()))
                    .max()
                    .orElse(Double.POSITIVE_INFINITY);
            if (object < minObject * header.height() * header.width()) {
                return Optional.of(
                        new Shift("covariate shift", Map.of("object", object / header.height() / header.width())));
            }
            return spread(pixels.thumbnail(example.image(), SIDE)) <= FLAT
                    ? Optional.of(new Shift("noise", Map.of("colors", "one")))
                    : Optional.empty();
        } catch (UnreadableSampleException e) {
            return Optional.of(new Shift("noise", Map.of("unreadable", String.valueOf(e.getMessage()))));
        }
    }

    private static double spread(double[] gray) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double value : gray) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return most - least;
    }
}
