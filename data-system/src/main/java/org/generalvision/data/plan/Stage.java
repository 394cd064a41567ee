package org.generalvision.data.plan;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.ImageRenderer;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Normalize;
import org.generalvision.data.augment.RandomResizedCrop;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.augment.Range;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.curate.PerceptualHash;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.ExampleCounts;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.RecordShape;
import org.generalvision.data.shard.ShardReader;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.CollectionSource;
import org.generalvision.data.source.Naming;
import org.generalvision.data.source.SourceConfig;

/** What is done with each record, made ready for being measured. */
enum Stage {
    READ {
        @Override
        ProcessorTime.Work on(List<Example> examples, Path folder) throws IOException {
            Path tar = folder.resolve("images.tar");
            pack(examples, tar);
            SourceConfig config = new SourceConfig.Webdataset(tar, new Naming("sample", "NOASSERTION", List.of()));
            return () -> {
                try (CollectionSource source = config.open()) {
                    source.forEach(candidate -> {});
                }
            };
        }
    },
    HASH {
        @Override
        ProcessorTime.Work on(List<Example> examples, Path folder) {
            return () -> examples.forEach(Example::withContentHash);
        }
    },
    WRITE {
        @Override
        ProcessorTime.Work on(List<Example> examples, Path folder) {
            List<Example> whole =
                    examples.stream().map(Example::withContentHash).toList();
            Path shards = folder.resolve("shards");
            return new ProcessorTime.Work() {
                @Override
                public void run() {
                    write(whole, shards);
                }

                @Override
                public void reset() throws IOException {
                    MoreFiles.deleteRecursively(shards, RecursiveDeleteOption.ALLOW_INSECURE);
                }
            };
        }
    },
    READ_SHARDS {
        @Override
        ProcessorTime.Work on(List<Example> examples, Path folder) {
            Path shards = folder.resolve("shards");
            write(examples, shards);
            return () -> {
                try (ShardReader reader = ShardReader.open(shards)) {
                    for (long i = 0; i < reader.size(); i++) {
                        reader.get(i);
                    }
                }
            };
        }
    },
    PERCEPTUAL_HASH {
        @Override
        ProcessorTime.Work on(List<Example> examples, Path folder) {
            return () -> {
                try (PerceptualHash hash = new PerceptualHash()) {
                    examples.forEach(example -> tryEach(() -> hash.of(example)));
                }
            };
        }
    },
    SURVEY {
        @Override
        ProcessorTime.Work on(List<Example> examples, Path folder) {
            return () -> shapes(examples);
        }
    },
    DECODE {
        @Override
        ProcessorTime.Work on(List<Example> examples, Path folder) {
            ByteBuffer target = ByteBuffer.allocateDirect(VIEW.bytes()).order(ByteOrder.nativeOrder());
            return () -> {
                try (ImageRenderer renderer = new ImageRenderer(List.of(VIEW))) {
                    for (int i = 0; i < examples.size(); i++) {
                        ByteBuffer image = examples.get(i).image();
                        RandomStream stream = RandomStream.of(0, 0, i, "plan");
                        tryEach(() -> renderer.render(image, List.of(stream), List.of(target)));
                    }
                }
            };
        }
    };

    private static final int SIDE = 224;
    private static final ImageView VIEW = new ImageView(
            new RandomResizedCrop(SIDE, SIDE, new Range(0.08, 1), new Range(3.0 / 4, 4.0 / 3)),
            List.of(),
            new Normalize(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)),
            Background.WHITE);

    /**
     * Makes ready.
     *
     * @param folder empty; it is removed when all is measured
     */
    abstract ProcessorTime.Work on(List<Example> examples, Path folder) throws IOException;

    /** What a survey holds of examples. */
    static byte[] shapes(List<Example> examples) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ExampleCounts counts = new ExampleCounts();
        try (DataOutputStream output = new DataOutputStream(bytes)) {
            for (Example example : examples) {
                RecordShape.of(example).writeTo(output);
                counts.add(example);
            }
        }
        return bytes.toByteArray();
    }

    static Manifest write(List<Example> examples, Path folder) {
        try (ShardWriter writer = ShardWriter.create(folder, ShardWriter.DEFAULT_SHARD_BYTES)) {
            examples.forEach(writer::add);
            return writer.finish();
        }
    }

    /** An image whose header is sound and whose data are not costs what it costs until that is found. */
    private static void tryEach(Runnable look) {
        try {
            look.run();
        } catch (UnreadableSampleException e) {
            // Counted like the others: a build and an epoch meet it as well.
            return;
        }
    }

    private static void pack(List<Example> examples, Path tar) throws IOException {
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(tar));
                TarArchiveOutputStream archive = new TarArchiveOutputStream(output)) {
            for (int i = 0; i < examples.size(); i++) {
                Example example = examples.get(i);
                String key = "%08d.".formatted(i);
                byte[] image = new byte[example.image().remaining()];
                example.image().duplicate().get(image);
                ImageHeader.Format format = ImageHeader.parse(example.image()).format();
                put(archive, key + format.name().toLowerCase(Locale.ROOT), image);
                if (!example.captions().isEmpty()) {
                    put(archive, key + "txt", utf8(example.captions().get(0).text()));
                }
                if (!example.labels().isEmpty()) {
                    put(archive, key + "cls", utf8(example.labels().get(0)));
                }
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(TarArchiveOutputStream archive, String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        archive.putArchiveEntry(entry);
        archive.write(bytes);
        archive.closeArchiveEntry();
    }
}
