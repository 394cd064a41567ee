package org.generalvision.data.load;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.generalvision.data.augment.ImageView;

/**
 * Samples of dense tasks: {@code image} (B, 3, H, W) and, as asked for, what is in it, moved along with the image by crop and flip.
 *
 * <ul>
 *   <li>{@link Part#BOXES}: {@code boxes} (B, M, 4) float32 x1, y1, x2, y2 in pixels of the view, {@code classes} (B, M) int64, {@link
 *       #NONE} behind the last object and {@link #UNNAMED} for one of none of the classes, and {@code flags} (B, M) int64, sums of {@link #CROWD} and {@link #MASK}.
 *   <li>{@link Part#MASKS}: {@code masks} (B, M, ceil(H W / 8)) uint8, bit i % 8 of byte i / 8 being pixel i, row by row.
 *   <li>{@link Part#SEGMENTS}: {@code segments} (B, H, W) uint8, {@link #IGNORED} where nothing is known.
 *   <li>{@link Part#DEPTH}: {@code depth} (B, H, W) float32 in metres, 0 where nothing is known.
 * </ul>
 *
 * <p>Where a view goes on beyond its image (see {@link org.generalvision.data.augment.FitWithin}), no segment and no depth is known.
 *
 * <p>An object of which too little is left in the view becomes a crowd of its class: whoever finds it is not wrong, but nobody has
 * to. One that is not in the view at all is left out.
 *
 * <p>An object whose label is none of the classes is a crowd too, of the class {@link #UNNAMED}: what lies in it is not taught as
 * background, because it is an object after all and data of other classes may name it. It says nothing of the named classes, so
 * that it has no part in their evaluation: COCO's takes the objects of one category at a time, and to find a category in an object
 * of another one is a mistake.
 *
 * @param view how the image is made
 * @param classes names, each once
 * @param parts what a batch holds beside the images
 * @param maxObjects M, the most objects of an image
 * @param leastVisible least share of an object's box, in [0, 1], that must be in the view
 * @param background whether pixels under no mask are the class 0, the named ones being 1 and so on; else they are ignored and the
 *     named ones begin at 0
 */
public record DenseSamples(
        ImageView view, List<String> classes, Set<Part> parts, int maxObjects, double leastVisible, boolean background)
        implements SampleFormat {
    /** Flag of an object that is a crowd. */
    public static final int CROWD = 1;

    /** Flag of an object that has a mask. */
    public static final int MASK = 2;

    /** The class of a place that holds no object. */
    public static final int NONE = -1;

    /** The class of an object whose label is none of the classes; it has the flag {@link #CROWD}. */
    public static final int UNNAMED = -2;

    /** The segment of a pixel of which nothing is known. */
    public static final int IGNORED = 255;

    /** What a batch can hold beside the images. */
    public enum Part {
        BOXES,
        /** Needs the boxes too. */
        MASKS,
        SEGMENTS,
        DEPTH
    }

    public DenseSamples {
        classes = List.copyOf(classes);
        parts = Set.copyOf(parts);
        if (classes.stream().distinct().count() != classes.size()) {
            throw new IllegalArgumentException("classes must be named, each once: " + classes);
        }
        boolean named = parts.contains(Part.BOXES) || parts.contains(Part.SEGMENTS);
        if (named && classes.isEmpty()) {
            throw new IllegalArgumentException("classes must not be empty for " + parts);
        }
        if (parts.contains(Part.MASKS) && !parts.contains(Part.BOXES)) {
            throw new IllegalArgumentException("MASKS need BOXES: " + parts);
        }
        if (parts.contains(Part.SEGMENTS) && classes.size() >= IGNORED) {
            throw new IllegalArgumentException(
                    "Segments can be of %d classes at most: %d".formatted(IGNORED - 1, classes.size()));
        }
        if (maxObjects < 1) {
            throw new IllegalArgumentException("maxObjects must be positive: " + maxObjects);
        }
        if (!(leastVisible >= 0 && leastVisible <= 1)) {
            throw new IllegalArgumentException("leastVisible must lie in [0, 1]: " + leastVisible);
        }
    }

    @Override
    public List<Field> fields() {
        long height = view.crop().height();
        long width = view.crop().width();
        List<Field> fields = new ArrayList<>();
        fields.add(new Field.Image("image", (int) height, (int) width));
        if (parts.contains(Part.BOXES)) {
            fields.add(new Field.Numbers("boxes", DataType.FLOAT32, List.of((long) maxObjects, 4L)));
            fields.add(new Field.Numbers("classes", DataType.INT64, List.of((long) maxObjects)));
            fields.add(new Field.Numbers("flags", DataType.INT64, List.of((long) maxObjects)));
        }
        if (parts.contains(Part.MASKS)) {
            long bytes = (height * width + 7) / 8;
            fields.add(new Field.Numbers("masks", DataType.UINT8, List.of((long) maxObjects, bytes)));
        }
        if (parts.contains(Part.SEGMENTS)) {
            fields.add(new Field.Numbers("segments", DataType.UINT8, List.of(height, width)));
        }
        if (parts.contains(Part.DEPTH)) {
            fields.add(new Field.Numbers("depth", DataType.FLOAT32, List.of(height, width)));
        }
        return fields;
    }

    /** The places of the classes by name. */
    Map<String, Integer> places() {
        Map<String, Integer> places = new HashMap<>();
        for (String name : classes) {
            places.put(name, places.size());
        }
        return places;
    }

    @Override
    public SampleReader newReader() {
        return new DenseReader(this);
    }
}
