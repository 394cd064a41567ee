package org.generalvision.data.load;

import ai.djl.ndarray.NDManager;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.generalvision.data.augment.Augmentation;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.ColorJitter;
import org.generalvision.data.augment.GaussianBlur;
import org.generalvision.data.augment.Grayscale;
import org.generalvision.data.augment.HorizontalFlip;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Normalize;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.augment.RandomResizedCrop;
import org.generalvision.data.augment.Range;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * JPEG photos to float batches of 224 pixels, one worker, in images per second, beside bare OpenCV: decode and resize to 224
 * pixels with nothing else. The photos are those of the folder named by the system property {@code photos}, else generated
 * ones of 500 x 375 pixels. CONTRIBUTING.md says how to start it; the same pipeline in Python is src/jmh/python.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 1,
        jvmArgs = {
            "-Xmx1g",
            "-Doffline=true",
            "-DOPT_OUT_TRACKING=true",
            "-Dai.djl.pytorch.graph_optimizer=false",
            "-Dai.djl.pytorch.num_threads=1"
        })
public class LoaderBenchmark {
    static final int BATCH_SIZE = 32;
    private static final int SIDE = 224;
    private static final int NUM_GENERATED = 64;
    private static final Normalize IMAGENET =
            new Normalize(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
    private static final Range RATIO = new Range(3 / 4.0, 4 / 3.0);

    private static final ImageView LIGHT = new ImageView(
            new RandomResizedCrop(SIDE, SIDE, new Range(0.08, 1), RATIO),
            List.of(new HorizontalFlip(0.5)),
            IMAGENET,
            Background.WHITE);

    private final List<ByteBuffer> photos = new ArrayList<>();
    private final Mat decoded = new Mat();
    private final Mat resized = new Mat();
    private final Loader[] loaders = new Loader[2];
    private int nextPhoto;

    @Setup
    public void open() throws IOException {
        String folder = System.getProperty("photos");
        if (folder != null) {
            read(Path.of(folder));
        }
        for (int i = 0; photos.isEmpty() || (folder == null && i < NUM_GENERATED); i++) {
            photos.add(Pictures.jpeg(photo(i)));
        }
        List<Augmentation> mocoAugmentations = List.of(
                new ColorJitter(0.4, 0.4, 0.4, 0.1, 0.8),
                new Grayscale(0.2),
                new GaussianBlur(new Range(0.1, 2), 0.5),
                new HorizontalFlip(0.5));
        ImageView moco = new ImageView(
                new RandomResizedCrop(SIDE, SIDE, new Range(0.2, 1), RATIO),
                mocoAugmentations,
                IMAGENET,
                Background.WHITE);
        loaders[0] = loader(LIGHT);
        loaders[1] = loader(moco);
    }

    private static BufferedImage photo(int seed) {
        return Pictures.photo(seed, 375, 500);
    }

    private void read(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jpg")).sorted().toList()) {
                photos.add(Pictures.direct(Files.readAllBytes(file)));
            }
        }
    }

    private Loader loader(ImageView view) throws IOException {
        MemorySource source = new MemorySource();
        // Small folders are repeated: a batch needs as many samples as it has rows.
        for (int i = 0; i < Math.max(photos.size(), BATCH_SIZE); i++) {
            source.add(MemorySource.example(i, photos.get(i % photos.size()), "a photo"));
        }
        Path file = Files.createTempDirectory("loader-benchmark").resolve("quarantine.jsonl");
        return new Loader(
                source,
                new LabelledImages(view, List.of("class0", "class1", "class2")),
                new LoaderConfig(1, BATCH_SIZE, 1, 2, 0),
                new Quarantine(file, source.size(), 0));
    }

    /** The light view of the same photos in shards, views and mixtures. */
    ShardLoaders shardLoaders() throws IOException {
        return new ShardLoaders(photos, LIGHT);
    }

    @TearDown
    public void close() {
        for (Loader loader : loaders) {
            loader.close();
        }
        decoded.close();
        resized.close();
    }

    /** OpenCV alone, at full resolution. */
    @Benchmark
    @OperationsPerInvocation(BATCH_SIZE)
    public int bareDecodeAndResize() {
        int images = 0;
        for (int i = 0; i < BATCH_SIZE; i++) {
            ByteBuffer photo = photos.get(nextPhoto++ % photos.size());
            try (BytePointer bytes = new BytePointer(photo);
                    Mat input = new Mat(1, photo.remaining(), opencv_core.CV_8UC1, bytes);
                    Mat result = opencv_imgcodecs.imdecode(input, opencv_imgcodecs.IMREAD_COLOR, decoded);
                    Size size = new Size(SIDE, SIDE)) {
                opencv_imgproc.resize(result, resized, size);
                images += resized.empty() ? 0 : 1;
            }
        }
        return images;
    }

    /** Random crop, flip, normalization, batch as array. */
    @Benchmark
    @OperationsPerInvocation(BATCH_SIZE)
    public int loader() {
        return batch(loaders[0]);
    }

    /** One view of MoCo v2: the same with color jitter, gray and blur. */
    @Benchmark
    @OperationsPerInvocation(BATCH_SIZE)
    public int loaderOfStrongView() {
        return batch(loaders[1]);
    }

    private static int batch(Loader loader) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return loader.next(manager).size();
        }
    }
}
