package org.generalvision.data.source;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.generalvision.data.shard.ShardWriter;

/**
 * How fast collections are listed and built, in items per second of this thread's processor time, so that what other
 * processes take does not count. The images are PNGs of 32 x 32 pixels of noise, 3 KB each, in a new temporary folder, warm
 * in the page cache; three rounds, of which the first warms up. The only argument is the number of images, 20000 if not
 * given.
 */
public final class SourceRates {
    private static final int SIDE = 32;
    private static final int FOLDERS = 100;
    private static final Naming NAMING = new Naming("rates", Naming.NO_ASSERTION, List.of());

    private SourceRates() {}

    public static void main(String[] args) throws IOException {
        int count = args.length == 0 ? 20_000 : Integer.parseInt(args[0]);
        Path work = Files.createTempDirectory("gv-rates-");
        try {
            Path folder = work.resolve("folder");
            Path tar = work.resolve("images.tar");
            write(folder, tar, count);
            for (int round = 0; round < 3; round++) {
                rate("scan of a folder", () -> new FileTree(folder).count());
                rate("walk of a folder in order", () -> walk(folder));
                rate("build from a folder", () -> build(new SourceConfig.Folder(folder, null, null, NAMING), work));
                rate("build from a tar", () -> build(new SourceConfig.Webdataset(tar, NAMING), work));
            }
        } finally {
            MoreFiles.deleteRecursively(work, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private interface Work {
        long run() throws IOException;
    }

    private static void rate(String name, Work work) throws IOException {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long items = work.run();
        double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
        System.out.printf("%-26s %,10.0f items per processor second%n", name, items / seconds);
    }

    private static long walk(Path folder) {
        long count = 0;
        for (FileTree.Entry entry : new FileTree(folder)) {
            count += entry.plain() ? 1 : 0;
        }
        return count;
    }

    private static long build(SourceConfig config, Path work) throws IOException {
        Path out = work.resolve("shards");
        try (CollectionSource source = config.open()) {
            return new ShardBuild(source, out, ShardWriter.DEFAULT_SHARD_BYTES)
                    .run(() -> {})
                    .manifest()
                    .examples();
        } finally {
            MoreFiles.deleteRecursively(out, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    /** The same images as a folder of 100 classes and as a tar with captions. */
    private static void write(Path folder, Path tar, int count) throws IOException {
        Random random = new Random(1);
        PngEncoder encoder = new PngEncoder();
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(tar));
                TarArchiveOutputStream archive = new TarArchiveOutputStream(output)) {
            for (int i = 0; i < count; i++) {
                BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
                image.setRGB(0, 0, SIDE, SIDE, random.ints(SIDE * SIDE).toArray(), 0, SIDE);
                ByteBuffer encoded = encoder.encode(image);
                byte[] png = new byte[encoded.remaining()];
                encoded.get(png);
                Path file = folder.resolve("class%02d/%07d.png".formatted(i % FOLDERS, i));
                Files.createDirectories(file.getParent());
                Files.write(file, png);
                put(archive, "%07d.png".formatted(i), png);
                put(archive, "%07d.txt".formatted(i), new byte[] {'n', 'o', 'i', 's', 'e'});
            }
        }
    }

    private static void put(TarArchiveOutputStream archive, String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        archive.putArchiveEntry(entry);
        archive.write(bytes);
        archive.closeArchiveEntry();
    }
}
