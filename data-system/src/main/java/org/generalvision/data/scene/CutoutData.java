package org.generalvision.data.scene;

import com.google.common.io.ByteStreams;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.source.Split;
import org.generalvision.data.source.StarterCorpus;
import org.generalvision.data.source.TitleKey;
import org.generalvision.data.store.Location;

/** Where cut-outs come from: images with an alpha channel, each of one object. Every kind is split before anything is pasted. */
public sealed interface CutoutData {
    /** A larger file is no cut-out. */
    int MAX_FILE_BYTES = 32 << 20;

    /**
     * Opens the cut-outs of one split.
     *
     * @param cache folder into which the starter corpus is copied, if it is asked for
     */
    Opened open(Split split, Path cache);

    /** The clip art that comes with the project, by its own splits. */
    record Starter() implements CutoutData {
        @Override
        public Opened open(Split split, Path cache) {
            ExampleSource source = StarterCorpus.open("clipart-" + split.lowerName(), cache);
            return new Opened(items(source, null), source::close);
        }
    }

    /**
     * A directory of shards, split by the names in its ids; an example's first label is its class.
     *
     * @param directory that holds {@code manifest.json}: a {@link Location}
     */
    record Shards(String directory) implements CutoutData {
        public Shards {
            Location.require("directory", directory);
        }

        @Override
        public Opened open(Split split, Path cache) {
            ExampleSource source = CuratedSource.open(Location.parse(directory));
            return new Opened(items(source, split), source::close);
        }
    }

    /**
     * A folder of PNG files, split by their names; the name of the folder in which a file lies is its class.
     *
     * @param directory with one folder for each class
     * @param licence of the files
     */
    record Folder(Path directory, String licence) implements CutoutData {
        @Override
        public Opened open(Split split, Path cache) {
            List<Item> items = files(directory, Set.of("png")).stream()
                    .filter(file -> splitOf(String.valueOf(file.getFileName())) == split)
                    .map(this::item)
                    .toList();
            return new Opened(items, () -> {});
        }

        private Item item(Path file) {
            Path parent = directory.resolve(file).getParent();
            String label =
                    parent == null ? "" : String.valueOf(parent.getFileName()).replace('_', ' ');
            return new Item(name(file), label, licence, () -> read(directory.resolve(file)));
        }
    }

    /**
     * Cut-outs that are open.
     *
     * @param items in a fixed order
     * @param closing gives back what they lie on
     */
    record Opened(List<Item> items, Runnable closing) implements AutoCloseable {
        public Opened {
            items = List.copyOf(items);
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    /**
     * One encoded cut-out.
     *
     * @param bytes reads it
     */
    record Item(String id, String label, String licence, Supplier<ByteBuffer> bytes) {}

    private static List<Item> items(ExampleSource source, @org.jspecify.annotations.Nullable Split split) {
        return LongStream.range(0, source.size())
                .mapToObj(i -> item(source, i))
                .filter(item -> split == null || splitOf(item.id()) == split)
                .toList();
    }

    private static Item item(ExampleSource source, long index) {
        Example example = source.get(index);
        String label = example.labels().isEmpty() ? "" : example.labels().get(0);
        return new Item(
                example.id(), label, example.licence(), () -> source.get(index).image());
    }

    /** The split of a file: by the object that its name states, so that "cat 1.png" and "cat 2.png" are on one side. */
    static Split splitOf(String path) {
        String stem = MoreFiles.getNameWithoutExtension(Path.of(path));
        TitleKey key = TitleKey.of(stem);
        return (key.value().isEmpty() ? new TitleKey(stem) : key).split();
    }

    /** The files with one of the extensions, at any depth, relative to the directory, in the order of their names. */
    static List<Path> files(Path directory, Set<String> extensions) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("There is no folder " + directory + ": name a folder of images");
        }
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file ->
                            extensions.contains(MoreFiles.getFileExtension(file).toLowerCase(Locale.ROOT)))
                    .map(directory::relativize)
                    .sorted(Comparator.comparing(CutoutData::name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + directory, e);
        }
    }

    /** A relative path with slashes on every platform. */
    static String name(Path file) {
        return file.toString().replace('\\', '/');
    }

    /** The bytes of a file within the limit. */
    static ByteBuffer read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = ByteStreams.limit(in, MAX_FILE_BYTES + 1L).readAllBytes();
            if (bytes.length > MAX_FILE_BYTES) {
                throw new IllegalArgumentException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return ByteBuffer.wrap(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }
}
