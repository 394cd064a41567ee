package org.generalvision.data.load;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.generalvision.data.augment.DepthDecoder;
import org.generalvision.data.augment.ImageRenderer;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.augment.ViewGeometry;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.generalvision.data.load.DenseSamples.Part;
import org.jspecify.annotations.Nullable;

/** Writes what {@link DenseSamples} describes. */
final class DenseReader implements SampleReader {
    private final DenseSamples format;
    private final Map<String, Integer> places;
    private final ImageRenderer renderer;
    private final DepthDecoder decoder = new DepthDecoder();

    DenseReader(DenseSamples format) {
        this.format = format;
        this.places = format.places();
        this.renderer = new ImageRenderer(List.of(format.view()));
    }

    @Override
    public void read(Example example, Draws draws, Row row) {
        renderer.render(example.image(), List.of(draws.of("image")), List.of(row.get("image")));
        ViewGeometry geometry = renderer.geometry(0);
        example.masks().forEach(mask -> requireSize(mask, geometry));
        if (format.parts().contains(Part.BOXES)) {
            writeObjects(example, geometry, row);
        }
        if (format.parts().contains(Part.SEGMENTS)) {
            writeSegments(example, geometry, row.get("segments"));
        }
        if (format.parts().contains(Part.DEPTH)) {
            writeDepth(example.depth(), geometry, row.get("depth").asFloatBuffer());
        }
    }

    private static void requireSize(Mask mask, ViewGeometry geometry) {
        if (mask.height() != geometry.storedHeight() || mask.width() != geometry.storedWidth()) {
            throw new UnreadableSampleException("mask of %d x %d pixels for an image of %d x %d"
                    .formatted(mask.height(), mask.width(), geometry.storedHeight(), geometry.storedWidth()));
        }
    }

    private void writeObjects(Example example, ViewGeometry geometry, Row row) {
        boolean withMasks = format.parts().contains(Part.MASKS);
        if (withMasks) {
            zero(row.get("masks"));
        }
        int count = 0;
        for (int i = 0; i < example.boxes().size(); i++) {
            ViewBox box = ViewBox.of(example.boxes().get(i), geometry);
            if (box.isEmpty()) {
                continue;
            }
            requireRoom(count, example);
            box.write(row.get("boxes").asFloatBuffer(), 4 * count);
            int place = places.getOrDefault(example.boxes().get(i).label(), DenseSamples.UNNAMED);
            boolean crowd = example.boxes().get(i).crowd()
                    || place == DenseSamples.UNNAMED
                    || box.share() < format.leastVisible();
            Mask mask = withMasks ? maskOf(example, i) : null;
            if (mask != null) {
                writeMask(mask.runLengths(), geometry, box, count, row.get("masks"));
            }
            row.get("classes").putLong(Long.BYTES * count, place);
            row.get("flags")
                    .putLong(
                            Long.BYTES * count,
                            (crowd ? DenseSamples.CROWD : 0) + (mask == null ? 0 : DenseSamples.MASK));
            count++;
        }
        for (; count < format.maxObjects(); count++) {
            ViewBox.NOTHING.write(row.get("boxes").asFloatBuffer(), 4 * count);
            row.get("classes").putLong(Long.BYTES * count, DenseSamples.NONE);
            row.get("flags").putLong(Long.BYTES * count, 0);
        }
    }

    private void requireRoom(int count, Example example) {
        if (count == format.maxObjects()) {
            throw new IllegalArgumentException(
                    "Example %s has more than maxObjects = %d objects, %d in all; raise maxObjects"
                            .formatted(example.id(), count, example.boxes().size()));
        }
    }

    private static @Nullable Mask maskOf(Example example, int box) {
        return example.masks().stream()
                .filter(mask -> mask.box() != null && mask.box() == box)
                .findFirst()
                .orElse(null);
    }

    private static void writeMask(
            Mask.RunLengths mask, ViewGeometry geometry, ViewBox box, int object, ByteBuffer target) {
        int first = object * ((geometry.height() * geometry.width() + 7) / 8);
        BitSet pixels = mask.pixels();
        for (int y = (int) box.y1(); y < Math.ceil(box.y2()); y++) {
            int storedRow = geometry.storedRow(y);
            for (int x = (int) box.x1(); x < Math.ceil(box.x2()); x++) {
                if (geometry.showsRow(y)
                        && geometry.showsColumn(x)
                        && pixels.get(geometry.storedColumn(x) * mask.height() + storedRow)) {
                    int pixel = y * geometry.width() + x;
                    int at = first + pixel / 8;
                    target.put(at, (byte) (target.get(at) | 1 << pixel % 8));
                }
            }
        }
    }

    /** Regions without box if there are any, else the masks of the objects; a later mask lies over an earlier one. */
    private void writeSegments(Example example, ViewGeometry geometry, ByteBuffer target) {
        boolean regions = example.masks().stream().anyMatch(mask -> mask.box() == null);
        byte nothing = (byte) (format.background() ? 0 : DenseSamples.IGNORED);
        byte[] stored = new byte[geometry.storedHeight() * geometry.storedWidth()];
        Arrays.fill(stored, nothing);
        for (Mask mask : example.masks()) {
            if (regions == (mask.box() == null)) {
                Integer place = places.get(mask.label());
                int value = place == null ? DenseSamples.IGNORED : place + (format.background() ? 1 : 0);
                BitSet pixels = mask.runLengths().pixels();
                for (int at = pixels.nextSetBit(0); at >= 0; at = pixels.nextSetBit(at + 1)) {
                    stored[at] = (byte) value;
                }
            }
        }
        for (int y = 0; y < geometry.height(); y++) {
            int storedRow = geometry.storedRow(y);
            for (int x = 0; x < geometry.width(); x++) {
                byte value = geometry.showsRow(y) && geometry.showsColumn(x)
                        ? stored[geometry.storedColumn(x) * geometry.storedHeight() + storedRow]
                        : (byte) DenseSamples.IGNORED;
                target.put(y * geometry.width() + x, value);
            }
        }
    }

    private void writeDepth(Example.@Nullable Depth depth, ViewGeometry geometry, FloatBuffer target) {
        ShortBuffer stored =
                depth == null ? null : decoder.decode(depth.png(), geometry.storedHeight(), geometry.storedWidth());
        for (int y = 0; y < geometry.height(); y++) {
            int start = geometry.storedRow(y) * geometry.storedWidth();
            for (int x = 0; x < geometry.width(); x++) {
                double metres = stored == null || depth == null || !geometry.showsRow(y) || !geometry.showsColumn(x)
                        ? 0
                        : (stored.get(start + geometry.storedColumn(x)) & 0xFFFF) * depth.metresPerUnit();
                target.put(y * geometry.width() + x, (float) metres);
            }
        }
    }

    private static void zero(ByteBuffer target) {
        for (int i = 0; i < target.capacity(); i++) {
            target.put(i, (byte) 0);
        }
    }

    @Override
    public void close() {
        renderer.close();
        decoder.close();
    }
}
