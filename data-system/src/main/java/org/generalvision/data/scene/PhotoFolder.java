package org.generalvision.data.scene;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.generalvision.data.source.Split;

/** The photographs of one split in a folder, reduced to a few times the size of a scene. Safe for use by several threads. */
final class PhotoFolder {
    private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg");
    private static final long CACHE_BYTES = 128L << 20;

    /** Short side of a reduced photograph, in longer sides of the scene: a crop may show as little as a third of it. */
    private static final int SCALE = 3;

    private final List<Path> files = new ArrayList<>();
    private final List<CutoutLibrary.Unusable> unusable = new ArrayList<>();
    private final LoadingCache<Path, Photo> cache;

    /**
     * Finds the photographs of a split, and reads each once.
     *
     * @param side longer side of a scene in pixels
     * @throws IllegalArgumentException if none can be used
     */
    PhotoFolder(Path directory, Split split, int side) {
        cache = CacheBuilder.newBuilder()
                .maximumWeight(CACHE_BYTES)
                .weigher((Path file, Photo photo) -> photo.bytes())
                .build(CacheLoader.from(file -> Photo.read(directory.resolve(file), side)));
        List<Path> all = CutoutData.files(directory, EXTENSIONS);
        for (Path file : all) {
            if (CutoutData.splitOf(String.valueOf(file.getFileName())) != split) {
                continue;
            }
            try {
                cache.asMap().put(file, Photo.read(directory.resolve(file), side));
                files.add(file);
            } catch (IllegalArgumentException e) {
                unusable.add(new CutoutLibrary.Unusable(CutoutData.name(file), String.valueOf(e.getMessage())));
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException(
                    "Of %d photographs in %s none falls into the split %s and can be used: name a folder with more of them"
                            .formatted(all.size(), directory, split.lowerName()));
        }
    }

    Photo draw(RandomGenerator random) {
        return cache.getUnchecked(files.get(random.nextInt(files.size())));
    }

    List<CutoutLibrary.Unusable> unusable() {
        return List.copyOf(unusable);
    }

    /** A reduced photograph. */
    static final class Photo {
        private final int height;
        private final int width;
        private final byte[] rgb;

        /**
         * @param rgb red, green, blue of each pixel
         */
        Photo(int height, int width, byte[] rgb) {
            this.height = height;
            this.width = width;
            this.rgb = rgb;
        }

        static Photo read(Path file, int side) {
            try (Mat decoded = Pixels.decodePhoto(CutoutData.read(file), SCALE * side);
                    Mat reduced = new Mat()) {
                int stored = Math.min(decoded.rows(), decoded.cols());
                if (stored < side) {
                    throw new IllegalArgumentException(
                            "has a short side of %d pixels, a scene needs %d".formatted(stored, side));
                }
                double factor = Math.min(1, (double) SCALE * side / stored);
                int height = (int) Math.round(decoded.rows() * factor);
                int width = (int) Math.round(decoded.cols() * factor);
                try (Size size = new Size(width, height)) {
                    opencv_imgproc.resize(decoded, reduced, size, 0, 0, opencv_imgproc.INTER_AREA);
                }
                opencv_imgproc.cvtColor(reduced, reduced, opencv_imgproc.COLOR_BGR2RGB);
                if (reduced.depth() != opencv_core.CV_8U) {
                    throw new IllegalArgumentException("does not decode to 8 bits");
                }
                return new Photo(height, width, Pixels.bytes(reduced));
            }
        }

        int bytes() {
            return rgb.length;
        }

        /** Fills the canvas with a part of the photograph, or its mirror image. */
        void paint(SceneCanvas canvas, RandomGenerator random) {
            double widest = Math.min((double) height / canvas.height(), (double) width / canvas.width());
            double step = 1 + (Math.max(1, widest) - 1) * random.nextDouble();
            double top = (height - step * canvas.height()) * random.nextDouble();
            double left = (width - step * canvas.width()) * random.nextDouble();
            boolean mirrored = random.nextBoolean();
            for (int y = 0; y < canvas.height(); y++) {
                for (int x = 0; x < canvas.width(); x++) {
                    int column = mirrored ? canvas.width() - 1 - x : x;
                    canvas.set(y, x, mean(top + step * y, left + step * column, step), 0);
                }
            }
        }

        /** Mean color of the pixels in a square. */
        private Color mean(double top, double left, double step) {
            int red = 0;
            int green = 0;
            int blue = 0;
            int count = 0;
            int endRow = Math.min(height, Math.max((int) top + 1, (int) Math.round(top + step)));
            int endColumn = Math.min(width, Math.max((int) left + 1, (int) Math.round(left + step)));
            for (int y = (int) top; y < endRow; y++) {
                for (int x = (int) left; x < endColumn; x++) {
                    int at = 3 * (y * width + x);
                    red += rgb[at] & 0xFF;
                    green += rgb[at + 1] & 0xFF;
                    blue += rgb[at + 2] & 0xFF;
                    count++;
                }
            }
            float share = 1f / Math.max(1, count);
            return new Color(red * share, green * share, blue * share);
        }
    }
}
