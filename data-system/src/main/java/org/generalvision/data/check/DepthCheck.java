package org.generalvision.data.check;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Fault;

/** Whether a depth map is one, and of its image's size. */
final class DepthCheck {
    private static final int DEPTH_BITS = 16;

    private DepthCheck() {}

    /**
     * Judges a depth map.
     *
     * @param image what the image is
     */
    static void judge(Example.Depth depth, ImageHeader image, boolean decode, ExampleCheck.Report report) {
        try {
            ImageHeader header = ImageHeader.parse(depth.png());
            if (header.format() != ImageHeader.Format.PNG) {
                report.add(Fault.DEPTH_UNREADABLE, "the depth map is a " + header.format());
            } else if (header.height() != image.height() || header.width() != image.width()) {
                report.add(
                        Fault.DEPTH_SIZE,
                        "depth of %d x %d pixels (width x height) for an image of %d x %d"
                                .formatted(header.width(), header.height(), image.width(), image.height()));
            } else if (decode) {
                judgePixels(depth.png(), report);
            }
        } catch (UnreadableSampleException | IOException e) {
            report.add(Fault.DEPTH_UNREADABLE, "the depth map: " + e.getMessage());
        }
    }

    private static void judgePixels(ByteBuffer png, ExampleCheck.Report report) throws IOException {
        byte[] bytes = new byte[png.remaining()];
        png.duplicate().get(bytes);
        BufferedImage map = ImageIO.read(new ByteArrayInputStream(bytes));
        if (map == null
                || map.getRaster().getNumBands() != 1
                || map.getSampleModel().getSampleSize(0) != DEPTH_BITS) {
            report.add(Fault.DEPTH_UNREADABLE, "the depth map is no PNG of one channel of 16 bits");
        } else if (isUnknown(map.getRaster())) {
            report.add(Fault.DEPTH_UNKNOWN, "all pixels of the depth map are 0");
        }
    }

    private static boolean isUnknown(Raster raster) {
        int[] row = new int[raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int value : raster.getSamples(0, y, row.length, 1, 0, row)) {
                if (value != 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
