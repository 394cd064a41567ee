package org.generalvision.metric;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.metric.CocoMatches.Judged;

/**
 * COCO's twelve figures of detection, for boxes or masks (cocodataset.org, "Detection Evaluation"; defined by
 * pycocotools/cocoeval.py in github.com/cocodataset/cocoapi). Means over the classes that have truths of that size; NaN,
 * where that tool prints -1, if none has. From 0 to 1.
 *
 * @param ap mean over the thresholds 0.5, 0.55 to 0.95 of the overlap
 * @param ap50 at the threshold 0.5
 * @param ap75 at the threshold 0.75
 * @param apSmall of objects of at most 32 x 32 pixels
 * @param apMedium of objects of 32 x 32 to 96 x 96 pixels
 * @param apLarge of objects of at least 96 x 96 pixels
 * @param ar1 recall of the surest detection in each image and class, mean over the thresholds
 * @param ar10 recall of the 10 surest
 * @param ar100 recall of the 100 surest
 * @param arSmall recall of the 100 surest, for small objects
 * @param arMedium for medium objects
 * @param arLarge for large objects
 * @param apOfClass {@link #ap} of each class; NaN for those without truths
 */
public record CocoScores(
        double ap,
        double ap50,
        double ap75,
        double apSmall,
        double apMedium,
        double apLarge,
        double ar1,
        double ar10,
        double ar100,
        double arSmall,
        double arMedium,
        double arLarge,
        ImmutableDoubleArray apOfClass) {
    private static final int NUM_THRESHOLDS = 10;
    private static final int THRESHOLD_75 = 5;
    private static final int MOST = 100;

    /** Sizes that count, in square pixels, both ends included. */
    enum AreaRange {
        ALL(0, 1e10),
        SMALL(0, 32 * 32),
        MEDIUM(32 * 32, 96 * 96),
        LARGE(96 * 96, 1e10);

        private final double least;
        private final double most;

        AreaRange(double least, double most) {
            this.least = least;
            this.most = most;
        }

        boolean holds(double area) {
            return area >= least && area <= most;
        }
    }

    /**
     * Scores detections.
     *
     * @param images every image of the data set, also those without detections or truths
     * @param classes number of classes
     * @throws IllegalArgumentException if a label is not below {@code classes}, or boxes meet masks
     */
    public static CocoScores of(List<ImageObjects> images, int classes) {
        requireLabels(images, classes);
        List<List<CocoMatches>> matches = new ArrayList<>();
        for (int label = 0; label < classes; label++) {
            int wanted = label;
            matches.add(images.stream()
                    .map(image -> matches(image, wanted))
                    .filter(m -> !m.isEmpty())
                    .toList());
        }
        double[][] all = precisions(matches, AreaRange.ALL);
        return new CocoScores(
                mean(all, 0, NUM_THRESHOLDS),
                mean(all, 0, 1),
                mean(all, THRESHOLD_75, THRESHOLD_75 + 1),
                mean(precisions(matches, AreaRange.SMALL), 0, NUM_THRESHOLDS),
                mean(precisions(matches, AreaRange.MEDIUM), 0, NUM_THRESHOLDS),
                mean(precisions(matches, AreaRange.LARGE), 0, NUM_THRESHOLDS),
                recall(matches, AreaRange.ALL, 1),
                recall(matches, AreaRange.ALL, 10),
                recall(matches, AreaRange.ALL, MOST),
                recall(matches, AreaRange.SMALL, MOST),
                recall(matches, AreaRange.MEDIUM, MOST),
                recall(matches, AreaRange.LARGE, MOST),
                ImmutableDoubleArray.copyOf(Arrays.stream(all)
                        .mapToDouble(row -> Arrays.stream(row).average().orElse(Double.NaN))));
    }

    private static void requireLabels(List<ImageObjects> images, int classes) {
        for (int i = 0; i < images.size(); i++) {
            int largest = Math.max(
                    images.get(i).truths().stream()
                            .mapToInt(TrueObject::label)
                            .max()
                            .orElse(-1),
                    images.get(i).detections().stream()
                            .mapToInt(Detection::label)
                            .max()
                            .orElse(-1));
            if (largest >= classes) {
                throw new IllegalArgumentException(
                        "Labels must lie in 0 to %d: image %d has %d".formatted(classes - 1, i, largest));
            }
        }
    }

    private static CocoMatches matches(ImageObjects image, int label) {
        return new CocoMatches(
                image.detections().stream().filter(d -> d.label() == label).toList(),
                image.truths().stream().filter(t -> t.label() == label).toList(),
                MOST);
    }

    private static double threshold(int index) {
        return 0.5 + index * ((0.95 - 0.5) / (NUM_THRESHOLDS - 1));
    }

    /** Average precision by class and threshold; an empty row for a class without truths. */
    private static double[][] precisions(List<List<CocoMatches>> matches, AreaRange range) {
        return curves(matches, range, MOST, CocoCurve::averagePrecision);
    }

    private static double recall(List<List<CocoMatches>> matches, AreaRange range, int most) {
        return mean(curves(matches, range, most, CocoCurve::recall), 0, NUM_THRESHOLDS);
    }

    private interface Figure {
        double of(CocoCurve curve);
    }

    private static double[][] curves(List<List<CocoMatches>> matches, AreaRange range, int most, Figure figure) {
        double[][] figures = new double[matches.size()][];
        for (int label = 0; label < figures.length; label++) {
            List<CocoMatches> images = matches.get(label);
            int numWanted = images.stream().mapToInt(m -> m.numWanted(range)).sum();
            figures[label] = new double[numWanted == 0 ? 0 : NUM_THRESHOLDS];
            for (int t = 0; t < figures[label].length; t++) {
                figures[label][t] = figure.of(CocoCurve.of(judged(images, t, range, most), numWanted));
            }
        }
        return figures;
    }

    private static List<Judged> judged(List<CocoMatches> images, int threshold, AreaRange range, int most) {
        return images.stream()
                .flatMap(m -> m.judge(threshold(threshold), range).stream().limit(most))
                .toList();
    }

    /** Mean over the classes with truths, and over some thresholds. */
    private static double mean(double[][] figures, int from, int to) {
        return Arrays.stream(figures)
                .filter(row -> row.length > 0)
                .flatMapToDouble(row -> Arrays.stream(row, from, to))
                .average()
                .orElse(Double.NaN);
    }

    /** The figures that are defined, by the usual names: {@code AP}, {@code AP50} to {@code ARl}. */
    public SortedMap<String, Double> figures() {
        SortedMap<String, Double> figures = new TreeMap<>();
        String[] names = {"AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"};
        double[] values = {ap, ap50, ap75, apSmall, apMedium, apLarge, ar1, ar10, ar100, arSmall, arMedium, arLarge};
        for (int i = 0; i < names.length; i++) {
            if (!Double.isNaN(values[i])) {
                figures.put(names[i], values[i]);
            }
        }
        return figures;
    }
}
