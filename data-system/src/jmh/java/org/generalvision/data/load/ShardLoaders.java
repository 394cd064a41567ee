package org.generalvision.data.load;

import ai.djl.ndarray.NDManager;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.ExampleData;
import org.generalvision.data.view.Condition;

/** Loaders that read the same photos from shards, from a view of them, and from a mixture of views of two directories. */
final class ShardLoaders implements AutoCloseable {
    private static final int COPIES = 8;

    private final Path folder;
    private final List<ExampleSource> sources = new ArrayList<>();
    private final List<Loader> loaders = new ArrayList<>();

    ShardLoaders(List<ByteBuffer> photos, ImageView view) throws IOException {
        folder = Files.createTempDirectory("shard-loaders");
        ExampleData.Shards first = write("first", photos);
        ExampleData.Shards second = write("second", photos);
        long draws = (long) photos.size() * COPIES;
        open(first, view);
        open(view(first), view);
        open(
                new ExampleData.Mixture(
                        draws,
                        List.of(
                                new ExampleData.Member("first", 3, view(first)),
                                new ExampleData.Member("second", 1, view(second)))),
                view);
    }

    private ExampleData.Shards write(String name, List<ByteBuffer> photos) {
        Path directory = folder.resolve(name);
        try (ShardWriter writer = ShardWriter.create(directory, ShardWriter.DEFAULT_SHARD_BYTES)) {
            for (int i = 0; i < photos.size() * COPIES; i++) {
                writer.add(Example.builder(name + i, photos.get(i % photos.size()), name, "CC0-1.0")
                        .captions(List.of(new Example.Caption("a photo of waves", "en")))
                        .labels(List.of("class" + i % 3))
                        .build());
            }
            writer.finish();
        }
        return new ExampleData.Shards(directory.toString());
    }

    private static ExampleData.View view(ExampleData of) {
        return new ExampleData.View(
                of,
                List.of(new Condition.Licences(List.of("CC0-1.0")), new Condition.Captions(List.of("en"), 2)),
                null);
    }

    private void open(ExampleData data, ImageView view) {
        ExampleSource source = data.open(folder.resolve("cache"));
        sources.add(source);
        loaders.add(new Loader(
                source,
                new LabelledImages(view, List.of("class0", "class1", "class2")),
                new LoaderConfig(1, LoaderBenchmark.BATCH_SIZE, 1, 2, 0),
                new Quarantine(folder.resolve("quarantine" + loaders.size()), source.size(), 0)));
    }

    int shards() {
        return batch(0);
    }

    int view() {
        return batch(1);
    }

    int mixture() {
        return batch(2);
    }

    private int batch(int loader) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return loaders.get(loader).next(manager).size();
        }
    }

    @Override
    public void close() throws IOException {
        loaders.forEach(Loader::close);
        sources.forEach(ExampleSource::close);
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
}
