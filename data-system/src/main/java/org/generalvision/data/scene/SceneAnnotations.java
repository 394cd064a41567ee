package org.generalvision.data.scene;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Mask;

/**
 * What is known of a scene.
 *
 * @param labels classes of the objects, each once, in the order of the recipe
 * @param boxes of the objects from near to far, tight around the pixels that can be seen
 * @param masks one for each box, in their order, then for each label the union of its objects
 */
record SceneAnnotations(List<String> labels, List<Box> boxes, List<Mask> masks) {

    static SceneAnnotations of(Visibility visibility, SceneConfig config) {
        int height = config.height();
        int width = config.width();
        List<Visibility.Seen> objects = visibility.kept();
        List<BitSet> pixels = pixels(visibility, height, width);
        List<Box> boxes = new ArrayList<>();
        List<Mask> masks = new ArrayList<>();
        Map<String, BitSet> regions = new LinkedHashMap<>();
        for (int i = objects.size() - 1; i >= 0; i--) {
            String label = objects.get(i).placement().label();
            masks.add(Mask.RunLengths.of(height, width, pixels.get(i), label, boxes.size()));
            boxes.add(box(pixels.get(i), height, label));
            regions.computeIfAbsent(label, l -> new BitSet()).or(pixels.get(i));
        }
        List<String> labels =
                config.labels().stream().filter(regions::containsKey).toList();
        for (String label : labels) {
            masks.add(Mask.RunLengths.of(height, width, regions.getOrDefault(label, new BitSet()), label, null));
        }
        return new SceneAnnotations(labels, boxes, masks);
    }

    /** For each object its pixels, column by column. */
    private static List<BitSet> pixels(Visibility visibility, int height, int width) {
        List<BitSet> pixels = new ArrayList<>();
        visibility.kept().forEach(object -> pixels.add(new BitSet(height * width)));
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int owner = visibility.owners()[y * width + x];
                if (owner != Visibility.NOBODY) {
                    pixels.get(owner).set(x * height + y);
                }
            }
        }
        return pixels;
    }

    private static Box box(BitSet pixels, int height, String label) {
        int top = height;
        int bottom = -1;
        for (int at = pixels.nextSetBit(0); at >= 0; at = pixels.nextSetBit(at + 1)) {
            top = Math.min(top, at % height);
            bottom = Math.max(bottom, at % height);
        }
        int left = pixels.nextSetBit(0) / height;
        int right = (pixels.length() - 1) / height;
        return new Box(left, top, right + 1, bottom + 1, label, false);
    }
}
