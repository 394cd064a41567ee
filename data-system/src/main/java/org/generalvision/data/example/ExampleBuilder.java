package org.generalvision.data.example;

import java.nio.ByteBuffer;
import java.util.List;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.Example.Depth;
import org.generalvision.data.example.Example.Hashes;
import org.jspecify.annotations.Nullable;

/** An {@link Example} in the making; what is not named is not annotated. Each list replaces the one before. */
public final class ExampleBuilder {
    private final String id;
    private final String source;
    private final String licence;
    private ByteBuffer image;
    private List<Caption> captions = List.of();
    private List<String> labels = List.of();
    private List<String> absentLabels = List.of();
    private List<Box> boxes = List.of();
    private List<Mask> masks = List.of();
    private @Nullable Depth depth;
    private @Nullable Hashes hashes;
    private boolean synthetic;

    ExampleBuilder(String id, ByteBuffer image, String source, String licence) {
        this.id = id;
        this.image = image;
        this.source = source;
        this.licence = licence;
    }

    /** Replaces the image; hashes of the former one are dropped. */
    public ExampleBuilder image(ByteBuffer replacement) {
        image = replacement;
        hashes = null;
        return this;
    }

    public ExampleBuilder captions(List<Caption> texts) {
        captions = texts;
        return this;
    }

    public ExampleBuilder labels(List<String> names) {
        labels = names;
        return this;
    }

    public ExampleBuilder absentLabels(List<String> names) {
        absentLabels = names;
        return this;
    }

    public ExampleBuilder boxes(List<Box> rectangles) {
        boxes = rectangles;
        return this;
    }

    /** Masks; those that name a box refer to the boxes that the example has when it is built. */
    public ExampleBuilder masks(List<? extends Mask> regions) {
        masks = List.copyOf(regions);
        return this;
    }

    public ExampleBuilder depth(@Nullable Depth map) {
        depth = map;
        return this;
    }

    public ExampleBuilder hashes(@Nullable Hashes ofImage) {
        hashes = ofImage;
        return this;
    }

    public ExampleBuilder synthetic(boolean made) {
        synthetic = made;
        return this;
    }

    /**
     * The example.
     *
     * @throws IllegalArgumentException if a mask names a box that there is not
     */
    public Example build() {
        return new Example(
                id, image, source, licence, captions, labels, absentLabels, boxes, masks, depth, hashes, synthetic);
    }
}
