package org.generalvision.data.propose;

import com.google.common.primitives.ImmutableDoubleArray;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_ximgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.RectVector;
import org.bytedeco.opencv.opencv_ximgproc.SelectiveSearchSegmentation;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.PixelReader;

/** Searches images for proposals. One per thread; holds native memory until closed. */
public final class RegionProposer implements AutoCloseable {
    /** Below this side there is nothing to segment. */
    private static final int SMALLEST_SIDE = 4;

    private final SelectiveSearch config;
    private final PixelReader reader = new PixelReader();
    private final SelectiveSearchSegmentation search = opencv_ximgproc.createSelectiveSearchSegmentation();

    public RegionProposer(SelectiveSearch config) {
        this.config = config;
    }

    /**
     * The proposals of an image: the same for the same bytes, in an order that means nothing.
     *
     * @param encoded PNG, JPEG or WebP
     * @return x1, y1, x2, y2 of each in pixels of the stored image; none is possible
     * @throws org.generalvision.data.augment.UnreadableSampleException if the image cannot be decoded
     */
    public ImmutableDoubleArray propose(ByteBuffer encoded) {
        PixelReader.Pixels pixels = reader.shrunk(encoded, config.longestSide());
        if (Math.min(pixels.height(), pixels.width()) < SMALLEST_SIDE) {
            return ImmutableDoubleArray.of();
        }
        ImageHeader stored = ImageHeader.parse(encoded);
        double scaleY = (double) stored.height() / pixels.height();
        double scaleX = (double) stored.width() / pixels.width();
        ImmutableDoubleArray.Builder boxes = ImmutableDoubleArray.builder();
        double area = (double) pixels.height() * pixels.width();
        for (Box box : search(pixels)) {
            if (config.holds(box.width, box.height, area)) {
                boxes.add(box.x * scaleX).add(box.y * scaleY);
                boxes.add((box.x + box.width) * scaleX).add((box.y + box.height) * scaleY);
            }
        }
        return boxes.build();
    }

    private record Box(int x, int y, int width, int height) {}

    /** The library returns its boxes in an order that it draws at random; sorted, they depend on the pixels alone. */
    private List<Box> search(PixelReader.Pixels pixels) {
        search.clearImages();
        search.clearGraphSegmentations();
        search.clearStrategies();
        List<Box> boxes = new ArrayList<>();
        try (BytePointer bytes = new BytePointer(pixels.bgr());
                Mat image = new Mat(pixels.height(), pixels.width(), opencv_core.CV_8UC3, bytes);
                RectVector found = new RectVector()) {
            search.setBaseImage(image);
            search.switchToSelectiveSearchFast(config.baseScale(), config.scaleStep(), (float) config.smoothing());
            search.process(found);
            for (long i = 0; i < found.size(); i++) {
                try (Rect box = found.get(i)) {
                    boxes.add(new Box(box.x(), box.y(), box.width(), box.height()));
                }
            }
        }
        boxes.sort(Comparator.comparingInt(Box::x)
                .thenComparingInt(Box::y)
                .thenComparingInt(Box::width)
                .thenComparingInt(Box::height));
        return boxes;
    }

    @Override
    public void close() {
        search.close();
        reader.close();
    }
}
