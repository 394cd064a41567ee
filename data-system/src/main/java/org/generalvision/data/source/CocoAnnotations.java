package org.generalvision.data.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.ExampleBuilder;
import org.generalvision.data.example.Fault;
import org.generalvision.data.example.Mask;
import org.generalvision.data.example.MaskCodec;
import org.jspecify.annotations.Nullable;

/** The annotations of one image, one after the other. */
final class CocoAnnotations {
    private final EncodedImage image;
    private final BoxRule rule;
    private final List<Caption> captions = new ArrayList<>();
    private final List<String> absent = new ArrayList<>();
    private final List<Box> boxes = new ArrayList<>();
    private final List<Mask> masks = new ArrayList<>();

    CocoAnnotations(EncodedImage image) {
        this.image = image;
        rule = new BoxRule(image);
    }

    /**
     * Adds an annotation, or nothing of it.
     *
     * @throws IllegalArgumentException if it cannot be used
     */
    void add(CocoFile file, JsonNode annotation) {
        if (annotation.has("caption")) {
            String text = annotation.path("caption").asText().strip();
            if (text.isEmpty()) {
                throw new FaultyItemException(Fault.EMPTY_CAPTION, "a blank caption");
            }
            captions.add(new Caption(text, "en"));
            return;
        }
        String id = CocoFile.key(annotation.path("category_id").asText());
        String category = category(file, id);
        Box box = file.isStuff(id) ? null : box(annotation, category);
        Mask mask = mask(annotation.path("segmentation"), category, box == null ? null : boxes.size());
        if (box == null && mask == null) {
            throw new IllegalArgumentException("neither a box nor a segmentation");
        }
        if (box != null) {
            boxes.add(box);
        }
        if (mask != null) {
            masks.add(mask);
        }
    }

    private static String category(CocoFile file, String id) {
        String category = file.category(id);
        if (category == null) {
            throw new FaultyItemException(
                    Fault.UNKNOWN_CLASS,
                    "category %s is not in %s"
                            .formatted(
                                    id.replaceFirst("^0+(?=.)", ""), file.file().getFileName()));
        }
        return category;
    }

    private @Nullable Box box(JsonNode annotation, String category) {
        JsonNode corners = annotation.path("bbox");
        if (corners.isMissingNode() || corners.isNull()) {
            return null;
        }
        if (corners.size() != 4) {
            throw new IllegalArgumentException("a box must be four numbers: x, y, width, height");
        }
        double x = number(corners.get(0));
        double y = number(corners.get(1));
        boolean crowd = annotation.path("iscrowd").asInt() == 1;
        return rule.box(x, y, x + number(corners.get(2)), y + number(corners.get(3)), category, crowd);
    }

    private @Nullable Mask mask(JsonNode segmentation, String category, @Nullable Integer box) {
        if (segmentation.isObject()) {
            JsonNode size = segmentation.path("size");
            if (size.path(0).asInt() != image.height() || size.path(1).asInt() != image.width()) {
                throw new FaultyItemException(
                        Fault.MASK_SIZE,
                        "a mask of %s pixels on an image of [%d,%d] (height, width)"
                                .formatted(size, image.height(), image.width()));
            }
            return new Mask.RunLengths(image.height(), image.width(), runs(segmentation.path("counts")), category, box);
        }
        if (segmentation.isEmpty()) {
            return null;
        }
        List<ImmutableDoubleArray> polygons = new ArrayList<>();
        segmentation.forEach(polygon -> {
            ImmutableDoubleArray.Builder points = ImmutableDoubleArray.builder();
            polygon.forEach(number -> points.add(number(number)));
            polygons.add(points.build());
        });
        return new Mask.Polygons(image.height(), image.width(), polygons, category, box);
    }

    private static ImmutableIntArray runs(JsonNode counts) {
        if (counts.isTextual()) {
            return MaskCodec.decode(counts.asText());
        }
        ImmutableIntArray.Builder runs = ImmutableIntArray.builder();
        for (JsonNode count : counts) {
            if (!count.canConvertToInt()) {
                throw new IllegalArgumentException("run lengths must be whole numbers");
            }
            runs.add(count.asInt());
        }
        return runs.build();
    }

    private static double number(JsonNode node) {
        if (!node.isNumber()) {
            throw new IllegalArgumentException("a number is expected, not " + node.getNodeType());
        }
        return node.asDouble();
    }

    /** What LVIS says of an image: categories that are absent, and those whose instances are not all annotated. */
    void addExhaustiveness(CocoFile file, JsonNode entry) {
        for (JsonNode id : entry.path("neg_category_ids")) {
            absent.add(category(file, CocoFile.key(id.asText())));
        }
        for (JsonNode id : entry.path("not_exhaustive_category_ids")) {
            String category = category(file, CocoFile.key(id.asText()));
            boxes.add(new Box(0, 0, image.width(), image.height(), category, true));
        }
    }

    /** The example with all that was added. */
    Example describe(ExampleBuilder example) {
        return example.captions(captions)
                .absentLabels(absent)
                .boxes(boxes)
                .masks(masks)
                .build();
    }
}
