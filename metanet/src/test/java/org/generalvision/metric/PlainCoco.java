package org.generalvision.metric;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * COCO's figures by brute force, sharing nothing with what is tested: overlaps from sets of pixels or written-out rectangles,
 * and precision at a recall as the maximum over all points of the curve.
 */
final class PlainCoco {
    private final List<ImageObjects> images;
    private final int classes;

    PlainCoco(List<ImageObjects> images, int classes) {
        this.images = images;
        this.classes = classes;
    }

    /** Mean over classes with truths and over thresholds in percent, in steps of 5. */
    double precision(double[] area, int from, int to) {
        List<Double> values = new ArrayList<>();
        for (int label = 0; label < classes; label++) {
            for (int threshold = from; threshold <= to; threshold += 5) {
                List<double[]> outcomes = new ArrayList<>();
                int wanted = outcomes(label, threshold / 100.0, area, 100, outcomes);
                if (wanted > 0) {
                    values.add(interpolated(outcomes, wanted));
                }
            }
        }
        return mean(values);
    }

    double recall(double[] area, int most) {
        List<Double> values = new ArrayList<>();
        for (int label = 0; label < classes; label++) {
            for (int threshold = 50; threshold <= 95; threshold += 5) {
                List<double[]> outcomes = new ArrayList<>();
                int wanted = outcomes(label, threshold / 100.0, area, most, outcomes);
                if (wanted > 0) {
                    values.add(outcomes.stream().filter(o -> o[1] == 1).count() / (double) wanted);
                }
            }
        }
        return mean(values);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    }

    /** Adds (score, 1 right or 0 wrong) of what counts, and returns how many truths have to be found. */
    private int outcomes(int label, double threshold, double[] area, int most, List<double[]> outcomes) {
        int wanted = 0;
        for (ImageObjects image : images) {
            List<TrueObject> truths = new ArrayList<>(image.truths());
            truths.removeIf(t -> t.label() != label);
            List<Detection> detections = new ArrayList<>(image.detections());
            detections.removeIf(d -> d.label() != label);
            detections.sort(Comparator.comparing((Detection d) -> -d.score()));
            wanted += (int) truths.stream().filter(t -> counts(t, area)).count();
            List<TrueObject> free = new ArrayList<>(truths);
            for (int rank = 0; rank < Math.min(most, detections.size()); rank++) {
                Detection detection = detections.get(rank);
                TrueObject match = match(detection, free, threshold, area);
                if (match != null) {
                    if (counts(match, area)) {
                        outcomes.add(new double[] {detection.score(), 1});
                    }
                    if (!match.crowd()) {
                        free.remove(match);
                    }
                } else if (within(size(detection.region()), area)) {
                    outcomes.add(new double[] {detection.score(), 0});
                }
            }
        }
        return wanted;
    }

    private static @Nullable TrueObject match(
            Detection detection, List<TrueObject> free, double threshold, double[] area) {
        for (boolean counted : new boolean[] {true, false}) {
            TrueObject match = null;
            for (TrueObject truth : free) {
                double overlap = overlap(detection.region(), truth);
                boolean better = match == null || overlap >= overlap(detection.region(), match);
                if (counts(truth, area) == counted && overlap >= threshold - 1e-12 && better) {
                    match = truth;
                }
            }
            if (match != null) {
                return match;
            }
        }
        return null;
    }

    private static boolean counts(TrueObject truth, double[] area) {
        return !truth.crowd() && within(truth.area(), area);
    }

    private static boolean within(double size, double[] area) {
        return size >= area[0] && size <= area[1];
    }

    private static double size(Region region) {
        return region instanceof Region.Box b
                ? (b.x2() - b.x1()) * (b.y2() - b.y1())
                : ((Region.Pixels) region).mask().pixels().cardinality();
    }

    private static double overlap(Region region, TrueObject truth) {
        double common;
        if (region instanceof Region.Box a && truth.region() instanceof Region.Box b) {
            common = Math.max(0, Math.min(a.x2(), b.x2()) - Math.max(a.x1(), b.x1()))
                    * Math.max(0, Math.min(a.y2(), b.y2()) - Math.max(a.y1(), b.y1()));
        } else {
            BitSet pixels = ((Region.Pixels) region).mask().pixels();
            pixels.and(((Region.Pixels) truth.region()).mask().pixels());
            common = pixels.cardinality();
        }
        double whole = truth.crowd() ? size(region) : size(region) + size(truth.region()) - common;
        return whole == 0 ? 0 : common / whole;
    }

    /** Mean over 101 recalls of the best precision at that recall or beyond. */
    private static double interpolated(List<double[]> outcomes, int wanted) {
        outcomes.sort(Comparator.comparing((double[] o) -> -o[0]));
        double sum = 0;
        for (int percent = 0; percent <= 100; percent++) {
            double best = 0;
            int right = 0;
            for (int i = 0; i < outcomes.size(); i++) {
                right += (int) outcomes.get(i)[1];
                if (right / (double) wanted >= percent * 0.01) {
                    best = Math.max(best, right / (i + 1.0));
                }
            }
            sum += best;
        }
        return sum / 101;
    }
}
