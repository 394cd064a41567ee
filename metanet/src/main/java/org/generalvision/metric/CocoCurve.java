package org.generalvision.metric;

import java.util.Comparator;
import java.util.List;
import org.generalvision.metric.CocoMatches.Judged;
import org.generalvision.metric.CocoMatches.Verdict;

/**
 * Precision against recall of one class at one threshold (accumulate of pycocotools/cocoeval.py).
 *
 * @param averagePrecision mean over the recalls 0, 0.01 to 1 of the highest precision at that recall or a higher one
 * @param recall share of the truths that were found
 */
record CocoCurve(double averagePrecision, double recall) {
    private static final int NUM_RECALLS = 101;
    private static final double RECALL_STEP = 0.01;

    /**
     * The curve of detections from all images.
     *
     * @param judged of each image one after the other; equal scores keep this order
     * @param numWanted truths in all images, at least 1
     */
    static CocoCurve of(List<Judged> judged, int numWanted) {
        List<Judged> counted = judged.stream()
                .filter(j -> j.verdict() != Verdict.IGNORED)
                .sorted(Comparator.comparingDouble(Judged::score).reversed())
                .toList();
        double[] precisions = new double[counted.size()];
        double[] recalls = new double[counted.size()];
        int right = 0;
        for (int i = 0; i < precisions.length; i++) {
            right += counted.get(i).verdict() == Verdict.RIGHT ? 1 : 0;
            precisions[i] = (double) right / (i + 1);
            recalls[i] = (double) right / numWanted;
        }
        for (int i = precisions.length - 2; i >= 0; i--) {
            precisions[i] = Math.max(precisions[i], precisions[i + 1]);
        }
        return new CocoCurve(mean(precisions, recalls), (double) right / numWanted);
    }

    private static double mean(double[] precisions, double[] recalls) {
        double sum = 0;
        int at = 0;
        for (int i = 0; i < NUM_RECALLS; i++) {
            // A product, as in the reference: 0.35 is a little more than 35 of 100 truths.
            double recall = i * RECALL_STEP;
            while (at < recalls.length && recalls[at] < recall) {
                at++;
            }
            sum += at < recalls.length ? precisions[at] : 0;
        }
        return sum / NUM_RECALLS;
    }
}
