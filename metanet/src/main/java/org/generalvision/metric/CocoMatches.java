package org.generalvision.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The detections of one class in one image, matched with the truths as COCO's evaluation does (evaluateImg of
 * pycocotools/cocoeval.py in github.com/cocodataset/cocoapi): the surest first, each takes the free truth that it overlaps
 * most, of equals the last; a truth to be ignored only if no other is left, and a crowd any number of times.
 */
final class CocoMatches {
    private final List<Detection> detections;
    private final List<TrueObject> truths;
    private final double[][] overlaps;

    /**
     * Overlaps of the surest detections.
     *
     * @param detections of one class
     * @param truths of the same class
     * @param most detections that are looked at
     */
    CocoMatches(List<Detection> detections, List<TrueObject> truths, int most) {
        this.detections = detections.stream()
                .sorted(Comparator.comparingDouble(Detection::score).reversed())
                .limit(most)
                .toList();
        this.truths = truths;
        overlaps = new double[this.detections.size()][truths.size()];
        for (int d = 0; d < overlaps.length; d++) {
            for (int t = 0; t < truths.size(); t++) {
                TrueObject truth = truths.get(t);
                overlaps[d][t] = this.detections.get(d).region().overlap(truth.region(), truth.crowd());
            }
        }
    }

    /** Whether the image has nothing of the class. */
    boolean isEmpty() {
        return detections.isEmpty() && truths.isEmpty();
    }

    /** What became of a detection. */
    enum Verdict {
        RIGHT,
        WRONG,
        IGNORED
    }

    /** A detection and what became of it. */
    record Judged(double score, Verdict verdict) {}

    /** Truths that have to be found: no crowds, and of a size within the range. */
    int numWanted(CocoScores.AreaRange range) {
        return (int) truths.stream().filter(t -> wanted(t, range)).count();
    }

    private static boolean wanted(TrueObject truth, CocoScores.AreaRange range) {
        return !truth.crowd() && range.holds(truth.area());
    }

    /**
     * Judges the detections at one threshold.
     *
     * @return the surest first
     */
    List<Judged> judge(double threshold, CocoScores.AreaRange range) {
        boolean[] taken = new boolean[truths.size()];
        List<Judged> judged = new ArrayList<>();
        for (int d = 0; d < detections.size(); d++) {
            // The reference's own guard for the threshold 1.
            double least = Math.min(threshold, 1 - 1e-10);
            int match = best(overlaps[d], least, taken, range, true);
            if (match < 0) {
                match = best(overlaps[d], least, taken, range, false);
            }
            Detection detection = detections.get(d);
            judged.add(new Judged(detection.score(), verdict(detection, match, range)));
            if (match >= 0) {
                taken[match] = true;
            }
        }
        return judged;
    }

    /** Number of the truth that overlaps most, among those wanted or among the others, or -1. */
    private int best(double[] overlap, double least, boolean[] taken, CocoScores.AreaRange range, boolean wanted) {
        int best = -1;
        double most = least;
        for (int t = 0; t < overlap.length; t++) {
            TrueObject truth = truths.get(t);
            boolean free = !taken[t] || truth.crowd();
            if (free && wanted(truth, range) == wanted && overlap[t] >= most) {
                best = t;
                most = overlap[t];
            }
        }
        return best;
    }

    private Verdict verdict(Detection detection, int match, CocoScores.AreaRange range) {
        if (match >= 0) {
            return wanted(truths.get(match), range) ? Verdict.RIGHT : Verdict.IGNORED;
        }
        return range.holds(detection.region().area()) ? Verdict.WRONG : Verdict.IGNORED;
    }
}
