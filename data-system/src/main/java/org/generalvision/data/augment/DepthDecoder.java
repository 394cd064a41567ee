package org.generalvision.data.augment;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Decodes depth maps, PNG of one channel of 16 bits. Holds the last one until closed; not safe for use by several threads. */
public final class DepthDecoder implements AutoCloseable {
    private final Mat map = new Mat();

    /**
     * The values row by row, each 0 to 65535, valid until the next call.
     *
     * @param height that the map must have
     * @param width that the map must have
     * @throws UnreadableSampleException if it is broken, of another format or of another size
     */
    public ShortBuffer decode(ByteBuffer encoded, int height, int width) {
        ImageHeader header = ImageHeader.parse(encoded);
        if (header.height() != height || header.width() != width) {
            throw new UnreadableSampleException("depth of %d x %d pixels for an image of %d x %d"
                    .formatted(header.height(), header.width(), height, width));
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(encoded.remaining());
        bytes.put(encoded.duplicate()).flip();
        try (BytePointer pointer = new BytePointer(bytes);
                Mat input = new Mat(1, bytes.remaining(), opencv_core.CV_8UC1, pointer);
                Mat decoded = opencv_imgcodecs.imdecode(input, opencv_imgcodecs.IMREAD_UNCHANGED, map)) {
            if (decoded.empty() || map.type() != opencv_core.CV_16UC1) {
                throw new UnreadableSampleException("depth is no PNG of one channel of 16 bits");
            }
            return map.createBuffer();
        }
    }

    @Override
    public void close() {
        map.close();
    }
}
