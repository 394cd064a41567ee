package org.generalvision.upstream.expert;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.load.Batch;
import org.generalvision.metric.CocoScores;
import org.generalvision.metric.ImageObjects;
import org.generalvision.metric.Region;
import org.generalvision.metric.TrueObject;
import org.generalvision.upstream.head.BatchTruths;
import org.generalvision.upstream.head.FoundObject;
import org.generalvision.upstream.head.TrueInstance;

/**
 * COCO's figures of boxes and, if asked for, of masks. A crowd is ignored for its own class, as is an object of which little is in
 * the view; an object of none of the classes is not there at all, see {@link org.generalvision.data.load.DenseSamples}.
 */
final class DetectionPrecision implements TaskHead.Measurement<Prediction.Objects> {
    private final int classes;
    private final boolean masks;
    private final List<ImageObjects> boxes = new ArrayList<>();
    private final List<ImageObjects> outlines = new ArrayList<>();

    DetectionPrecision(int classes, boolean masks) {
        this.classes = classes;
        this.masks = masks;
    }

    @Override
    public void add(List<Prediction.Objects> predictions, Batch batch) {
        List<List<TrueInstance>> truths = BatchTruths.of(batch, 0).objects();
        for (int image = 0; image < predictions.size(); image++) {
            List<FoundObject> found = predictions.get(image).found();
            List<TrueInstance> objects =
                    truths.get(image).stream().filter(TrueInstance::isNamed).toList();
            boxes.add(new ImageObjects(
                    objects.stream().map(DetectionPrecision::box).toList(),
                    found.stream().map(FoundObject::boxDetection).toList()));
            if (masks) {
                outlines.add(new ImageObjects(
                        objects.stream()
                                .filter(o -> o.mask() != null)
                                .map(DetectionPrecision::outline)
                                .toList(),
                        found.stream().map(FoundObject::maskDetection).toList()));
            }
        }
    }

    private static TrueObject box(TrueInstance object) {
        return new TrueObject(object.label(), object.box(), object.box().area(), object.crowd());
    }

    private static TrueObject outline(TrueInstance object) {
        Region.Pixels pixels = new Region.Pixels(Objects.requireNonNull(object.mask()));
        return new TrueObject(object.label(), pixels, pixels.area(), object.crowd());
    }

    @Override
    public SortedMap<String, Double> figures() {
        SortedMap<String, Double> figures = new TreeMap<>();
        CocoScores scores = CocoScores.of(boxes, classes);
        figures.put("boxAp", scores.ap());
        figures.put("boxAp50", scores.ap50());
        if (masks) {
            CocoScores ofMasks = CocoScores.of(outlines, classes);
            figures.put("maskAp", ofMasks.ap());
            figures.put("maskAp50", ofMasks.ap50());
        }
        return figures;
    }
}
