package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.Maps;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.generalvision.data.augment.Augmentation;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.CenterCrop;
import org.generalvision.data.augment.Crop;
import org.generalvision.data.augment.FitWithin;
import org.generalvision.data.augment.HorizontalFlip;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Normalize;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.augment.RandomResizedCrop;
import org.generalvision.data.augment.Range;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.generalvision.data.load.DenseSamples.Part;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image says where it is: one object is red, the other one green, and blue is four times the column. Depth is the column too,
 * so what moved with the image can be read off the image itself.
 */
class DenseSamplesTest {
    private static final int HEIGHT = 40;
    private static final int WIDTH = 60;
    private static final Example.Box RED = new Example.Box(10, 5, 30, 25, "red", false);
    private static final Example.Box GREEN = new Example.Box(38, 10, 50, 34, "green", false);
    private static final Set<Part> ALL = Set.of(Part.values());
    private static final Crop WHOLE = new CenterCrop(HEIGHT, HEIGHT);

    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    private static boolean isIn(Example.Box box, int x, int y) {
        return x >= box.x1() && x < box.x2() && y >= box.y1() && y < box.y2();
    }

    private static Example example(List<Example.Box> boxes, boolean regions) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        BufferedImage depth = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int red = isIn(RED, x, y) ? 255 : 0;
                int green = isIn(GREEN, x, y) ? 255 : 0;
                image.setRGB(x, y, red << 16 | green << 8 | 4 * x);
                depth.getRaster().setSample(x, y, 0, 1000 * (x + 1));
            }
        }
        List<Mask> masks = new ArrayList<>();
        for (int i = 0; i < boxes.size(); i++) {
            masks.add(mask(boxes.get(i), i));
            if (regions) {
                masks.add(mask(boxes.get(i), null));
            }
        }
        return Example.builder("scene", Pictures.png(image), "test", "CC0-1.0")
                .boxes(boxes)
                .masks(masks)
                .depth(new Example.Depth(Pictures.png(depth), 0.001))
                .build();
    }

    private static Mask mask(Example.Box box, @Nullable Integer index) {
        BitSet pixels = new BitSet();
        for (int x = (int) box.x1(); x < box.x2(); x++) {
            pixels.set(x * HEIGHT + (int) box.y1(), x * HEIGHT + (int) box.y2());
        }
        return Mask.RunLengths.of(HEIGHT, WIDTH, pixels, box.label(), index);
    }

    private static DenseSamples format(Crop crop, Set<Part> parts, List<Augmentation> augmentations) {
        Normalize plain = new Normalize(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        ImageView view = new ImageView(crop, augmentations, plain, Background.WHITE);
        return new DenseSamples(view, List.of("red", "green"), parts, 3, 0.3, true);
    }

    private Batch batch(DenseSamples format, Example example, int epoch) {
        MemorySource source = new MemorySource();
        source.add(example);
        Quarantine quarantine = new Quarantine(folder.resolve("quarantine"), 1, 1);
        try (Loader loader = new Loader(source, format, new LoaderConfig(3, 1, 1, 1, 1), quarantine)) {
            loader.seek(epoch);
            Batch batch = loader.next(manager);
            return new Batch(
                    batch.step(), batch.epoch(), batch.ids(), Maps.transformValues(batch.arrays(), NDArray::duplicate));
        }
    }

    @Test
    void boxesMasksSegmentsAndDepthMoveWithTheImage() {
        Crop crop = new RandomResizedCrop(32, 48, new Range(0.3, 1), new Range(0.7, 1.5));
        DenseSamples format = format(crop, ALL, List.of(new HorizontalFlip(0.5)));
        int mirrored = 0;
        for (int epoch = 0; epoch < 40; epoch++) {
            View view = new View(batch(format, example(List.of(RED, GREEN), epoch % 2 == 0), epoch), 32, 48);
            view.assertDepthIsTheColumn();
            view.assertMasksCoverTheirColors();
            view.assertSegmentsAreTheMasks();
            view.assertBoxesEncloseTheirMasks();
            mirrored += view.isMirrored() ? 1 : 0;
        }
        assertThat(mirrored).isBetween(10, 30);
    }

    @Test
    void whatFitsWithinAViewIsNotDistortedAndTheRestIsUnknown() {
        int smaller = 0;
        for (int epoch = 0; epoch < 40; epoch++) {
            FitWithin crop = new FitWithin(32, 48, new Range(0.4, 1.6));
            DenseSamples format = format(crop, ALL, List.of(new HorizontalFlip(0.5)));
            View view = new View(batch(format, example(List.of(RED, GREEN), epoch % 2 == 0), epoch), 32, 48);
            view.assertDepthIsTheColumn();
            view.assertMasksCoverTheirColors();
            view.assertSegmentsAreTheMasks();
            view.assertBoxesEncloseTheirMasks();
            smaller += view.isFilled() ? 1 : 0;
        }
        assertThat(smaller).isBetween(10, 35);
    }

    @Test
    void anImageThatJustFitsIsWholeAndFilledBelow() {
        DenseSamples format = format(new FitWithin(48, 60, new Range(1, 1)), ALL, List.of());
        Batch batch = batch(format, example(List.of(RED, GREEN), false), 0);
        assertThat(batch.get("boxes").toFloatArray()).containsExactly(10, 5, 30, 25, 38, 10, 50, 34, 0, 0, 0, 0);
        float[] depth = batch.get("depth").toFloatArray();
        byte[] segments = batch.get("segments").toByteArray();
        for (int y = 0; y < 48; y++) {
            assertThat(depth[y * 60 + 7]).isEqualTo(y < HEIGHT ? 8f : 0f);
            assertThat(segments[y * 60 + 7]).isEqualTo(y < HEIGHT ? 0 : (byte) DenseSamples.IGNORED);
            assertThat(batch.get("image").toFloatArray()[y * 60 + 7]).isEqualTo(y < HEIGHT ? 0f : 1f);
        }
        assertThatThrownBy(() -> new FitWithin(8, 8, new Range(0, 1))).hasMessageContaining("scale");
    }

    /** A finished view in plain numbers. */
    private static final class View {
        private final int height;
        private final int width;
        private final float[] image;
        private final float[] boxes;
        private final long[] classes;
        private final byte[] masks;
        private final byte[] segments;
        private final float[] depth;

        View(Batch batch, int height, int width) {
            this.height = height;
            this.width = width;
            image = batch.get("image").toFloatArray();
            boxes = batch.get("boxes").toFloatArray();
            classes = batch.get("classes").toLongArray();
            masks = batch.get("masks").toByteArray();
            segments = batch.get("segments").toByteArray();
            depth = batch.get("depth").toFloatArray();
        }

        private float channel(int channel, int pixel) {
            return image[channel * height * width + pixel];
        }

        private boolean mask(int object, int pixel) {
            return (masks[object * height * width / 8 + pixel / 8] >> pixel % 8 & 1) != 0;
        }

        /** White as the background is and no pixel of the image. */
        private boolean fills(int pixel) {
            return channel(0, pixel) == 1 && channel(1, pixel) == 1 && channel(2, pixel) == 1;
        }

        boolean isFilled() {
            for (int pixel = 0; pixel < height * width; pixel++) {
                if (fills(pixel)) {
                    return true;
                }
            }
            return false;
        }

        boolean isMirrored() {
            return channel(2, 0) > channel(2, width - 1);
        }

        /** Blue is read bilinearly and depth from the nearest pixel: they differ by one pixel at most. */
        void assertDepthIsTheColumn() {
            for (int pixel = 0; pixel < height * width; pixel++) {
                if (fills(pixel)) {
                    assertThat(depth[pixel]).isZero();
                    continue;
                }
                double column = channel(2, pixel) * 255 / 4;
                assertThat((double) depth[pixel] - 1).isCloseTo(column, within(1.0));
            }
        }

        void assertMasksCoverTheirColors() {
            for (int object = 0; object < 3 && classes[object] >= 0; object++) {
                for (int pixel = 0; pixel < height * width; pixel++) {
                    float color = fills(pixel) ? 0 : channel((int) classes[object], pixel);
                    if (color < 0.2 || color > 0.8) {
                        assertThat(mask(object, pixel)).isEqualTo(color > 0.5);
                    }
                }
            }
        }

        void assertSegmentsAreTheMasks() {
            for (int pixel = 0; pixel < height * width; pixel++) {
                int expected = fills(pixel) ? DenseSamples.IGNORED : 0;
                for (int object = 0; object < 3 && classes[object] >= 0; object++) {
                    expected = mask(object, pixel) ? (int) classes[object] + 1 : expected;
                }
                assertThat(segments[pixel]).isEqualTo((byte) expected);
            }
        }

        void assertBoxesEncloseTheirMasks() {
            for (int object = 0; object < 3 && classes[object] >= 0; object++) {
                double[] found = {width, height, 0, 0};
                for (int pixel = 0; pixel < height * width; pixel++) {
                    if (mask(object, pixel)) {
                        found[0] = Math.min(found[0], pixel % width);
                        found[1] = Math.min(found[1], Math.floorDiv(pixel, width));
                        found[2] = Math.max(found[2], pixel % width + 1);
                        found[3] = Math.max(found[3], Math.floorDiv(pixel, width) + 1);
                    }
                }
                for (int side = 0; side < 4 && found[2] > 0; side++) {
                    assertThat((double) boxes[4 * object + side]).isCloseTo(found[side], within(1.0));
                }
            }
        }
    }

    @Test
    void aWholeViewHasTheNumbersOfTheImage() {
        Batch batch = batch(format(WHOLE, ALL, List.of()), example(List.of(RED, GREEN), false), 0);
        // The middle 40 of 60 columns.
        assertThat(batch.get("boxes").toFloatArray()).containsExactly(0, 5, 20, 25, 28, 10, 40, 34, 0, 0, 0, 0);
        assertThat(batch.get("classes").toLongArray()).containsExactly(0, 1, DenseSamples.NONE);
        assertThat(batch.get("flags").toLongArray()).containsExactly(DenseSamples.MASK, DenseSamples.MASK, 0);
        assertThat(batch.get("depth").toFloatArray()[0]).isEqualTo(11f);
        assertThat(batch.get("masks").getShape().getShape()).containsExactly(1, 3, 200);
    }

    @Test
    void whatIsHardlySeenIsACrowdOfItsClassAndAnotherClassACrowdOfNone() {
        Example.Box cut = new Example.Box(0, 0, 12, 10, "red", false); // a sixth of it is in the view
        Example.Box green = new Example.Box(0, 20, 12, 30, "green", false);
        Example.Box other = new Example.Box(20, 0, 30, 10, "blue", false);
        Example.Box gone = new Example.Box(0, 0, 9, 10, "red", false);
        Example shown = example(List.of(cut, other, gone, green), false);
        Batch batch = batch(format(WHOLE, Set.of(Part.BOXES), List.of()), shown, 0);
        assertThat(batch.get("flags").toLongArray()).containsOnly(DenseSamples.CROWD);
        assertThat(batch.get("classes").toLongArray()).containsExactly(0, DenseSamples.UNNAMED, 1);
        Batch two = batch(format(WHOLE, Set.of(Part.BOXES), List.of()), example(List.of(RED, gone, GREEN), false), 0);
        assertThat(two.get("classes").toLongArray()).containsExactly(0, 1, DenseSamples.NONE);
    }

    @Test
    void whatIsNotAnnotatedIsUnknown() {
        Example bare = Example.builder("bare", Pictures.png(Pictures.photo(1, HEIGHT, HEIGHT)), "test", "CC0-1.0")
                .build();
        DenseSamples format = format(WHOLE, ALL, List.of());
        Batch batch = batch(format, bare, 0);
        assertThat(batch.get("classes").toLongArray()).containsOnly(DenseSamples.NONE);
        assertThat(batch.get("depth").toFloatArray()).containsOnly(0);
        DenseSamples unknown = new DenseSamples(format.view(), format.classes(), Set.of(Part.SEGMENTS), 1, 0, false);
        assertThat(batch(unknown, bare, 0).get("segments").toByteArray()).containsOnly((byte) DenseSamples.IGNORED);
    }

    @Test
    void partsOfAnotherSizeAreLeftOut() {
        Example odd = Example.builder("odd", Pictures.png(Pictures.photo(1, 30, 30)), "test", "CC0-1.0")
                .boxes(List.of(RED))
                .masks(List.of(mask(RED, 0)))
                .build();
        assertThatThrownBy(() -> batch(format(WHOLE, ALL, List.of()), odd, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(folder.resolve("quarantine")).content().contains("mask of 40 x 60 pixels for an image of 30 x 30");
    }

    @Test
    void depthThatIsNoneIsLeftOut() {
        ByteBuffer photo = Pictures.png(Pictures.photo(1, 40, 40));
        Example shallow = Example.builder("shallow", photo, "test", "CC0-1.0")
                .depth(new Example.Depth(photo, 1))
                .build();
        assertThatThrownBy(() -> batch(format(WHOLE, ALL, List.of()), shallow, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(folder.resolve("quarantine")).content().contains("depth is no PNG of one channel of 16 bits");
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        ImageView view = format(WHOLE, ALL, List.of()).view();
        assertThatThrownBy(() -> new DenseSamples(view, List.of(), Set.of(Part.BOXES), 1, 0, true))
                .hasMessageContaining("classes");
        assertThatThrownBy(() -> new DenseSamples(view, List.of("a", "a"), Set.of(Part.BOXES), 1, 0, true))
                .hasMessageContaining("each once");
        assertThatThrownBy(() -> new DenseSamples(view, List.of("a"), Set.of(Part.MASKS), 1, 0, true))
                .hasMessageContaining("BOXES");
        assertThatThrownBy(() -> new DenseSamples(view, List.of("a"), Set.of(Part.BOXES), 0, 0, true))
                .hasMessageContaining("maxObjects");
        assertThatThrownBy(() -> new DenseSamples(view, List.of("a"), Set.of(Part.BOXES), 1, 2, true))
                .hasMessageContaining("leastVisible");
        Example three = example(List.of(RED, GREEN, RED, GREEN), false);
        assertThatThrownBy(() -> batch(format(WHOLE, Set.of(Part.BOXES), List.of()), three, 0))
                .hasStackTraceContaining("raise maxObjects");
    }
}
