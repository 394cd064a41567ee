package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.generalvision.data.example.Mask;
import org.generalvision.metric.Region;
import org.generalvision.nn.LossOps;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.RoiAlign;

/** The mask branch of Mask R-CNN (arXiv 1703.06870): for each region a small mask of every class. */
final class MaskBranch {
    /** Bins that are read of a region; masks have twice as many. */
    private static final int BINS = 14;

    private static final int SIDE = 2 * BINS;

    private final RegionPooling pooling;
    private final MaskHead head;
    private final MaskPredictor predictor;
    private final int classes;

    MaskBranch(RegionPooling boxes, MaskHead head, MaskPredictor predictor, int classes) {
        RoiAlign align = new RoiAlign(BINS, BINS, boxes.align().samples());
        this.pooling = new RegionPooling(align, boxes.strides(), boxes.canonicalSide());
        this.head = head;
        this.predictor = predictor;
        this.classes = classes;
    }

    /** Logits of the masks of each region for the class that it has: (N, 28 * 28). */
    private NDArray logits(List<NDArray> maps, List<Regions> regions, List<Integer> labels, Pass pass) {
        NDArray x = predictor.forward(head.forward(pooling.read(maps, regions), pass), pass);
        long[] rows = new long[labels.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i * (classes + 1L) + labels.get(i) + 1;
        }
        NDArray all = Ops.widened(x).reshape(new Shape(-1, SIDE * SIDE));
        return Ops.embedding(all.getManager().create(rows), all);
    }

    /** Mean binary cross entropy of the masks of the foreground, or 0 if no object has a mask. */
    NDArray loss(List<NDArray> maps, List<RegionSample> samples, Pass pass) {
        List<Regions> regions = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        NDList targets = new NDList();
        DataType type = Ops.widened(maps.get(0)).getDataType();
        for (RegionSample sample : samples) {
            RegionSample masked = sample.withMasks();
            regions.add(masked.regions());
            for (int i = 0; i < masked.size(); i++) {
                labels.add(masked.object(i).label());
            }
            if (masked.size() > 0) {
                targets.add(targets(masked, maps.get(0).getManager(), type));
            }
        }
        if (labels.isEmpty()) {
            return Ops.scale(Ops.widened(maps.get(0)).sum(), 0);
        }
        NDArray wanted = NDArrays.concat(targets, 0);
        return LossOps.binaryCrossEntropy(logits(maps, regions, labels, pass), wanted, wanted.onesLike());
    }

    /** What each region of an image shows of its object: (N, 28 * 28), the share of each cell that the mask covers. */
    private static NDArray targets(RegionSample sample, NDManager manager, DataType type) {
        int[] distinct = sample.matches().stream().distinct().toArray();
        NDList maps = new NDList();
        for (int object : distinct) {
            maps.add(map(sample.objects().get(object).requireMask(), manager, type));
        }
        int[] images = sample.matches().stream()
                .map(match -> Ints.indexOf(distinct, match))
                .toArray();
        NDArray read = new RoiAlign(SIDE, SIDE, 0)
                .forward(
                        NDArrays.concat(maps, 0),
                        images,
                        sample.regions().numbers().toArray(),
                        1);
        return read.reshape(new Shape(images.length, SIDE * SIDE));
    }

    private static NDArray map(Mask.RunLengths mask, NDManager manager, DataType type) {
        float[] pixels = new float[mask.height() * mask.width()];
        BitSet covered = mask.pixels();
        for (int at = covered.nextSetBit(0); at >= 0; at = covered.nextSetBit(at + 1)) {
            pixels[at % mask.height() * mask.width() + at / mask.height()] = 1;
        }
        return manager.create(pixels, new Shape(1, 1, mask.height(), mask.width()))
                .toType(type, false);
    }

    /** The objects of all images with their masks. */
    List<List<FoundObject>> withMasks(List<NDArray> maps, List<List<FoundObject>> found, ImageSizes sizes, Pass pass) {
        if (found.stream().allMatch(List::isEmpty)) {
            return found;
        }
        double[] probabilities = Numbers.of(probabilities(maps, found, pass));
        List<List<FoundObject>> complete = new ArrayList<>();
        int row = 0;
        for (int image = 0; image < found.size(); image++) {
            List<FoundObject> own = new ArrayList<>();
            for (FoundObject object : found.get(image)) {
                double[] grid = Arrays.copyOfRange(probabilities, row * SIDE * SIDE, (row + 1) * SIDE * SIDE);
                row++;
                own.add(object.withMask(new PastedMask(grid, SIDE, object.box())
                        .in(sizes.height(image), sizes.width(image), object.label())));
            }
            complete.add(own);
        }
        return complete;
    }

    /** For each object the probability that each cell of its box belongs to it: (objects, 28 * 28). */
    NDArray probabilities(List<NDArray> maps, List<List<FoundObject>> found, Pass pass) {
        List<Regions> regions = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (List<FoundObject> own : found) {
            ImmutableDoubleArray.Builder numbers = ImmutableDoubleArray.builder();
            for (FoundObject object : own) {
                Region.Box box = object.box();
                numbers.add(box.x1()).add(box.y1()).add(box.x2()).add(box.y2());
                labels.add(object.label());
            }
            regions.add(new Regions(numbers.build()));
        }
        return Ops.sigmoid(logits(maps, regions, labels, pass));
    }
}
