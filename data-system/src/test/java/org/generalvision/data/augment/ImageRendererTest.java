package org.generalvision.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRendererTest {
    private static final Normalize IMAGENET = new Normalize(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
    private static final List<Augmentation> MOCO = List.of(
            new ColorJitter(0.4, 0.4, 0.4, 0.1, 0.8),
            new Grayscale(0.2),
            new GaussianBlur(new Range(0.1, 2), 0.5),
            new HorizontalFlip(0.5));

    private static ImageView view(Crop crop, List<Augmentation> augmentations, Normalize normalize) {
        return new ImageView(crop, augmentations, normalize, Background.WHITE);
    }

    private static float[] render(ImageView view, ByteBuffer encoded) {
        ByteBuffer room = Pictures.room(view);
        try (ImageRenderer renderer = new ImageRenderer(List.of(view))) {
            renderer.render(encoded, List.of(RandomStream.of(1, 2, 3, "image")), List.of(room));
        }
        return Pictures.floats(room);
    }

    @Test
    void imageOfTheRightSizeIsOnlyNormalized() {
        BufferedImage photo = Pictures.photo(1, 24, 24);
        float[] actual = render(view(new CenterCrop(24, 24), List.of(), IMAGENET), Pictures.png(photo));
        double[] mean = {0.485, 0.456, 0.406};
        double[] deviation = {0.229, 0.224, 0.225};
        for (int i = 0; i < actual.length; i++) {
            int rgb = photo.getRGB(i / 3 % 24, i / 3 / 24);
            int value = rgb >> (16 - 8 * (i % 3)) & 0xFF;
            double expected = (value / 255.0 - mean[i % 3]) / deviation[i % 3];
            assertThat((double) actual[i]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void enlargingIsBilinearBetweenPixelCenters() {
        BufferedImage photo = Pictures.photo(2, 10, 14);
        float[] actual = render(view(new CenterCrop(25, 20), List.of(), Pictures.identity()), Pictures.png(photo));
        // 10 x 14 becomes 25 x 35, of which rows 2 to 21 (2.5 to even) and columns 8 to 27 (7.5 to even) are seen.
        for (int y = 0; y < 20; y++) {
            for (int x = 0; x < 20; x++) {
                double expected = bilinear(photo, (y + 2 + 0.5) * 10 / 25 - 0.5, (x + 8 + 0.5) * 14 / 35 - 0.5);
                assertThat(255.0 * actual[(y * 20 + x) * 3 + 1]).isCloseTo(expected, within(0.8));
            }
        }
    }

    /** Green at a place between pixels; the border repeats. */
    private static double bilinear(BufferedImage image, double y, double x) {
        int top = (int) Math.floor(y);
        int left = (int) Math.floor(x);
        double value = 0;
        for (int dy = 0; dy < 2; dy++) {
            for (int dx = 0; dx < 2; dx++) {
                int row = Math.max(0, Math.min(image.getHeight() - 1, top + dy));
                int column = Math.max(0, Math.min(image.getWidth() - 1, left + dx));
                double weight = (1 - Math.abs(y - top - dy)) * (1 - Math.abs(x - left - dx));
                value += weight * (image.getRGB(column, row) >> 8 & 0xFF);
            }
        }
        return value;
    }

    @Test
    void strongShrinkingAveragesAreas() {
        BufferedImage photo = Pictures.photo(3, 64, 64);
        float[] actual = render(view(new CenterCrop(16, 16), List.of(), Pictures.identity()), Pictures.png(photo));
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 16; x++) {
                double sum = 0;
                for (int i = 0; i < 16; i++) {
                    sum += photo.getRGB(4 * x + i % 4, 4 * y + i / 4) >> 16 & 0xFF;
                }
                assertThat(255.0 * actual[(y * 16 + x) * 3]).isCloseTo(sum / 16, within(0.6));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 90, 180, 360, 500})
    void jpegAtReducedSizeLooksLikeTheShrunkenOriginal(int side) {
        BufferedImage photo = Pictures.photo(4, side, side);
        ImageView view = view(new CenterCrop(40, 40), List.of(), Pictures.identity());
        float[] fromJpeg = render(view, Pictures.jpeg(photo));
        float[] fromPng = render(view, Pictures.png(photo));
        double error = IntStream.range(0, fromPng.length)
                .mapToDouble(i -> Math.abs(fromJpeg[i] - fromPng[i]))
                .average()
                .orElseThrow();
        // Unshrunken, the noise of single pixels is seen, whose color JPEG stores at half resolution.
        assertThat(error).isLessThan(side == 40 ? 0.06 : 0.025);
    }

    @Test
    void reductionNeverLeavesLessThanTheViewNeeds() {
        ImageHeader jpeg = new ImageHeader(ImageHeader.Format.JPEG, 2000, 3000, false);
        RandomGenerator random = RandomStream.of(1, 0, 0, "test");
        Crop crop = new RandomResizedCrop(224, 224, new Range(0.01, 1), new Range(0.75, 4 / 3.0));
        boolean[] seen = new boolean[9];
        for (int i = 0; i < 1000; i++) {
            Crop.Window window = crop.window(2000, 3000, random);
            int reduction = ImageDecoder.reductionFor(jpeg, window);
            seen[reduction] = true;
            if (reduction > 1) {
                assertThat(window.height() / reduction).isGreaterThanOrEqualTo(224);
                assertThat(window.width() / reduction).isGreaterThanOrEqualTo(224);
            }
            int next = 2 * reduction;
            if (next <= 8) {
                assertThat(Math.min(window.height() / next, window.width() / next))
                        .isLessThan(224);
            }
        }
        assertThat(seen[1] && seen[2] && seen[4] && seen[8]).isTrue();
        ImageHeader png = new ImageHeader(ImageHeader.Format.PNG, 2000, 3000, false);
        assertThat(ImageDecoder.reductionFor(png, crop.window(2000, 3000, random)))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 60, 130})
    void viewIsTheSameWhetherAllRowsAreDecodedOrOnlyTheFirst(int side) {
        ByteBuffer jpeg = Pictures.jpeg(Pictures.photo(9, 500, 400));
        // A byte behind the end keeps the decoder from cutting the image.
        byte[] padded = Arrays.copyOf(Pictures.bytes(jpeg), jpeg.remaining() + 1);
        ByteBuffer uncut = Pictures.direct(padded);
        ImageView view =
                view(new RandomResizedCrop(side, side, new Range(0.01, 0.5), new Range(0.5, 2)), List.of(), IMAGENET);
        ByteBuffer fromCut = Pictures.room(view);
        ByteBuffer fromUncut = Pictures.room(view);
        try (ImageRenderer renderer = new ImageRenderer(List.of(view))) {
            for (int sample = 0; sample < 60; sample++) {
                renderer.render(jpeg, List.of(RandomStream.of(1, 0, sample, "image")), List.of(fromCut));
                renderer.render(uncut, List.of(RandomStream.of(1, 0, sample, "image")), List.of(fromUncut));
                assertThat(fromCut).as("sample %d", sample).isEqualTo(fromUncut);
            }
        }
    }

    @Test
    void onlyTheRowsThatAreSeenAreDecoded() {
        ByteBuffer jpeg = Pictures.jpeg(Pictures.photo(9, 500, 400));
        ImageHeader header = ImageHeader.parse(jpeg);
        Crop.Window window = new Crop.Window(40, 10, 100, 100, new Crop.Resized(100, 100, 0, 0));
        ImageDecoder.Detail detail = ImageDecoder.Detail.of(header, List.of(window));
        try (ImageDecoder decoder = new ImageDecoder()) {
            assertThat(decoder.decode(jpeg, header, detail, Background.WHITE).rows())
                    .isEqualTo(156);
        }
    }

    @Test
    void transparentPixelsShowTheBackground() {
        Background background = new Background(10, 200, 90);
        int red = 250;
        for (int alpha : new int[] {0, 1, 77, 128, 254, 255}) {
            ImageView view = new ImageView(new CenterCrop(6, 6), List.of(), Pictures.identity(), background);
            float[] actual = render(view, Pictures.png(Pictures.plain(6, 6, alpha << 24 | red << 16)));
            double share = alpha / 255.0;
            assertThat(255.0 * actual[0]).isCloseTo(share * red + (1 - share) * 10, within(0.51));
            assertThat(255.0 * actual[1]).isCloseTo((1 - share) * 200, within(0.51));
            assertThat(255.0 * actual[2]).isCloseTo((1 - share) * 90, within(0.51));
        }
    }

    @ParameterizedTest
    @EnumSource(PngKind.class)
    void everyKindOfPngDecodesToItsColors(PngKind kind) {
        BufferedImage image = kind.picture();
        float[] actual = render(view(new CenterCrop(8, 8), List.of(), Pictures.identity()), Pictures.png(image));
        for (int i = 0; i < 64; i++) {
            int argb = kind.argb(i);
            double alpha = (argb >>> 24) / 255.0;
            for (int c = 0; c < 3; c++) {
                double expected = alpha * (argb >> (16 - 8 * c) & 0xFF) + (1 - alpha) * 255;
                assertThat(255.0 * actual[3 * i + c]).as("%s pixel %d", kind, i).isCloseTo(expected, within(1.01));
            }
        }
    }

    private enum PngKind {
        GRAY(BufferedImage.TYPE_BYTE_GRAY),
        GRAY_16(BufferedImage.TYPE_USHORT_GRAY),
        COLOR(BufferedImage.TYPE_3BYTE_BGR),
        COLOR_WITH_ALPHA(BufferedImage.TYPE_4BYTE_ABGR),
        PALETTE(BufferedImage.TYPE_BYTE_INDEXED),
        BITS(BufferedImage.TYPE_BYTE_BINARY);

        private final int type;

        PngKind(int type) {
            this.type = type;
        }

        private int argb(int pixel) {
            int value = this == BITS ? 255 * (pixel % 2) : 4 * pixel;
            int alpha = this == COLOR_WITH_ALPHA ? 255 - 3 * pixel : 255;
            return switch (this) {
                case GRAY, GRAY_16, BITS -> alpha << 24 | value * 0x10101;
                // The colors of the JDK's palette are multiples of 51.
                case PALETTE -> alpha << 24 | (pixel % 6 * 51) << 16 | (pixel / 6 % 6 * 51) << 8;
                default -> alpha << 24 | value << 16 | (255 - value) << 8 | value / 2;
            };
        }

        private BufferedImage picture() {
            BufferedImage image = new BufferedImage(8, 8, type);
            for (int i = 0; i < 64; i++) {
                // The JDK converts gray through linear light, so gray samples are set as they are.
                switch (this) {
                    case GRAY -> image.getRaster().setSample(i % 8, i / 8, 0, argb(i) & 0xFF);
                    case GRAY_16 -> image.getRaster().setSample(i % 8, i / 8, 0, 257 * (argb(i) & 0xFF));
                    default -> image.setRGB(i % 8, i / 8, argb(i));
                }
            }
            return image;
        }
    }

    @Test
    void paletteWithATransparentColorIsComposed() {
        byte[] reds = {(byte) 200, 10};
        byte[] others = {0, 20};
        var palette = new java.awt.image.IndexColorModel(8, 2, reds, others, others, 0);
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_INDEXED, palette);
        image.getRaster().setSample(1, 0, 0, 1);
        float[] actual = render(view(new CenterCrop(4, 4), List.of(), Pictures.identity()), Pictures.png(image));
        assertThat(Arrays.copyOf(actual, 6))
                .containsExactly(new float[] {1, 1, 1, 10 / 255f, 20 / 255f, 20 / 255f}, within(1e-6f));
    }

    @Test
    void heapBuffersAndOffsetsAreRead() {
        ByteBuffer png = Pictures.png(Pictures.photo(5, 20, 20));
        ImageView view = view(new CenterCrop(16, 16), List.of(), IMAGENET);
        float[] expected = render(view, png);
        ByteBuffer heap = ByteBuffer.allocate(png.remaining() + 9)
                .position(4)
                .put(png.duplicate())
                .flip()
                .position(4);
        assertThat(render(view, heap.asReadOnlyBuffer())).containsExactly(expected);
        ByteBuffer direct = ByteBuffer.allocateDirect(png.remaining() + 9)
                .position(4)
                .put(png.duplicate())
                .flip()
                .position(4);
        assertThat(render(view, direct.asReadOnlyBuffer())).containsExactly(expected);
    }

    @Test
    void equalStreamsGiveEqualViewsWhateverWasRenderedBefore() {
        ImageView view =
                view(new RandomResizedCrop(32, 32, new Range(0.2, 1), new Range(0.75, 4 / 3.0)), MOCO, IMAGENET);
        ByteBuffer first = Pictures.jpeg(Pictures.photo(6, 150, 200));
        ByteBuffer second = Pictures.png(Pictures.plain(60, 50, 0x40123456));
        ByteBuffer room = Pictures.room(view);
        try (ImageRenderer renderer = new ImageRenderer(List.of(view))) {
            for (int sample = 0; sample < 50; sample++) {
                renderer.render(first, List.of(RandomStream.of(1, 0, sample, "image")), List.of(room));
                renderer.render(second, List.of(RandomStream.of(2, 0, sample, "image")), List.of(room));
                renderer.render(first, List.of(RandomStream.of(1, 2, 3, "image")), List.of(room));
                assertThat(Pictures.floats(room)).containsExactly(render(view, first));
            }
        }
    }

    @Test
    void twoViewsOfOneImageDiffer() {
        ImageView view =
                view(new RandomResizedCrop(32, 32, new Range(0.2, 1), new Range(0.75, 4 / 3.0)), MOCO, IMAGENET);
        ByteBuffer one = Pictures.room(view);
        ByteBuffer two = Pictures.room(view);
        try (ImageRenderer renderer = new ImageRenderer(List.of(view, view))) {
            renderer.render(
                    Pictures.png(Pictures.photo(7, 80, 80)),
                    List.of(RandomStream.of(1, 0, 0, "image"), RandomStream.of(1, 0, 0, "image2")),
                    List.of(one, two));
        }
        assertThat(Pictures.floats(one)).isNotEqualTo(Pictures.floats(two));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void damagedImagesAreRenderedOrRefusedNothingElse(long seed) {
        ImageView view =
                view(new RandomResizedCrop(32, 32, new Range(0.2, 1), new Range(0.75, 4 / 3.0)), MOCO, IMAGENET);
        ByteBuffer room = Pictures.room(view);
        RandomGenerator random = RandomStream.of(seed, 0, 0, "damage");
        BufferedImage photo = Pictures.photo(seed, 70, 90);
        List<ByteBuffer> kinds = List.of(Pictures.png(photo), Pictures.jpeg(photo));
        int refused = 0;
        try (ImageRenderer renderer = new ImageRenderer(List.of(view))) {
            for (int i = 0; i < 200; i++) {
                ByteBuffer broken = damage(kinds.get(i % 2), random);
                try {
                    renderer.render(broken, List.of(RandomStream.of(seed, 0, i, "image")), List.of(room));
                } catch (UnreadableSampleException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isPositive();
    }

    private static ByteBuffer damage(ByteBuffer whole, RandomGenerator random) {
        byte[] bytes = Pictures.bytes(whole);
        int reach = random.nextBoolean() ? Math.min(700, bytes.length) : bytes.length;
        for (int i = 0; i < 1 + random.nextInt(5); i++) {
            bytes[random.nextInt(reach)] = (byte) random.nextInt(256);
        }
        return Pictures.direct(random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
    }

    @Test
    void truncatedImageIsUnreadable() {
        ImageView view = view(new CenterCrop(32, 32), List.of(), IMAGENET);
        for (ByteBuffer whole :
                List.of(Pictures.png(Pictures.photo(8, 40, 40)), Pictures.jpeg(Pictures.photo(8, 40, 40)))) {
            byte[] bytes = Pictures.bytes(whole);
            assertThatCode(() -> render(view, whole)).doesNotThrowAnyException();
            assertThatExceptionOfType(UnreadableSampleException.class)
                    .isThrownBy(() -> render(view, Pictures.direct(Arrays.copyOf(bytes, bytes.length * 2 / 3))))
                    .withMessageContaining("40 x 40");
        }
    }
}
