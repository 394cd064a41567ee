package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.RecordShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Builds by tasks, against a build by one process. */
class SharedBuildTest {
    private static final Naming NAMING = new Naming("made-up", "CC0-1.0", List.of());
    private static final long SHARD_BYTES = 9000;

    @TempDir
    Path folder;

    /** Collections that are divided in each of the ways there are. */
    enum Kind {
        RANGES,
        FILES,
        WHOLE
    }

    private SourceConfig source(Kind kind) throws IOException {
        return switch (kind) {
            case RANGES -> images(700);
            case FILES -> archives();
            case WHOLE -> table();
        };
    }

    /** With files that are left out and rejected among the images, also at the ends. */
    private SourceConfig images(int count) throws IOException {
        Path root = folder.resolve("images");
        for (int i = 0; i < count; i++) {
            String name = "class%d/%04d".formatted(i * 7 / count, i);
            if (i % 50 == 0 || i == count - 1) {
                Bytes.put(root.resolve(name + ".png"), "no image " + i);
            } else if (i % 31 == 1) {
                Bytes.put(root.resolve(name + ".txt"), "text");
            } else {
                Bytes.put(root.resolve(name + ".png"), Bytes.png(1 + i % 40, 2 + i % 9));
            }
        }
        return new SourceConfig.Folder(root, null, null, NAMING);
    }

    private SourceConfig archives() throws IOException {
        for (int archive = 0; archive < 5; archive++) {
            Tar tar = new Tar();
            for (int i = 0; i < 30 * archive; i++) {
                tar.file("%d/%03d.png".formatted(archive, i), Bytes.png(1 + i, 3));
                tar.file("%d/%03d.txt".formatted(archive, i), "caption \u00e9 " + i);
                tar.file(".hidden", "x");
                if (i % 11 == 5) {
                    tar.file("%d/%03d-broken.txt".formatted(archive, i), "a caption without an image");
                }
                if (i == 20) {
                    tar.file("%d/003.png".formatted(archive), Bytes.png(2, 2));
                }
            }
            Bytes.put(folder.resolve("tars/part-%d.tar".formatted(archive)), tar.closed());
        }
        return new SourceConfig.Webdataset(folder.resolve("tars"), NAMING);
    }

    private SourceConfig table() throws IOException {
        StringBuilder rows = new StringBuilder("image,caption,license\n");
        for (int i = 0; i < 120; i++) {
            Bytes.put(folder.resolve("table/%d.jpg".formatted(i)), Bytes.jpeg(3 + i, 5));
            rows.append("%d.jpg,caption %d,%s\n".formatted(i % 17 == 3 ? 999 : i, i, i % 2 == 0 ? "MIT" : "CC0-1.0"));
        }
        Path table = Bytes.put(folder.resolve("table/images.csv"), rows.toString());
        return new SourceConfig.Csv(table, null, "licence=license", NAMING);
    }

    private static BuildOrder order(SourceConfig source, boolean hashes) {
        return new BuildOrder(source, hashes, SHARD_BYTES, 0.5, 0);
    }

    private Path alone(BuildOrder order) {
        Path out = folder.resolve("alone");
        try (CollectionSource source = order.open()) {
            new ShardBuild(source, out, order.shardBytes()).run(() -> {});
        }
        return out;
    }

    /** What other processes would get and give: texts. */
    private static ShardTask.Written run(ShardTask task) {
        return ShardTask.Written.parse(ShardTask.parse(task.text()).run().text());
    }

    private static void survey(SharedBuild build) {
        build.stretches().forEach(stretch -> build.add(Survey.of(Stretch.parse(stretch.text()))));
    }

    private ShardBuild.Result shared(BuildOrder order, Path out, int wanted) {
        try (SharedBuild build = SharedBuild.begin(order, out, wanted)) {
            survey(build);
            List<ShardTask.Written> written = new ArrayList<>();
            for (ShardTask task : build.tasks(wanted)) {
                // Another attempt at the same task may come late.
                run(task);
                written.add(run(task));
            }
            Collections.reverse(written);
            return build.finish(written);
        }
    }

    private static void assertSameFiles(Path expected, Path found) throws IOException {
        List<String> names = names(expected);
        assertThat(names(found)).isEqualTo(names);
        for (String name : names) {
            assertThat(found.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tasksYieldTheBytesOfOneProcess(Kind kind) throws IOException {
        BuildOrder order = order(source(kind), false);
        Path alone = alone(order);
        assertThat(names(alone)).hasSizeGreaterThan(5).contains("rejected.jsonl", "build.jsonl", "manifest.json");
        for (int wanted : new int[] {1, 2, 3, 100}) {
            Path out = folder.resolve("shared-" + wanted);
            ShardBuild.Result result = shared(order, out, wanted);
            assertSameFiles(alone, out);
            assertThat(result.outcome()).isEqualTo(ShardBuild.Outcome.BUILT);
            assertThat(result.rejected()).isPositive();
            assertThat(folder.resolve("shared-" + wanted + ".partial")).doesNotExist();
        }
    }

    @Test
    void perceptualHashesAreKeptAlike() throws IOException {
        BuildOrder order = order(source(Kind.FILES), true);
        Path alone = alone(order);
        shared(order, folder.resolve("shared"), 3);
        assertSameFiles(alone, folder.resolve("shared"));
    }

    @ParameterizedTest
    @EnumSource
    void itemsThatArePassedOverLeaveTheOthersAsTheyAre(Kind kind) throws IOException {
        try (CollectionSource source = source(kind).open()) {
            List<Candidate> all = new ArrayList<>();
            source.iterator().forEachRemaining(all::add);
            for (int from : new int[] {0, 1, 3, 29, 30, 31, 33, all.size() - 1, all.size(), all.size() + 5}) {
                List<Candidate> rest = new ArrayList<>();
                source.iterator(from).forEachRemaining(rest::add);
                assertThat(rest).isEqualTo(all.subList(Math.min(from, all.size()), all.size()));
            }
        }
    }

    @Test
    void stretchesAreTheCollection() throws IOException {
        for (Kind kind : Kind.values()) {
            SourceConfig config = source(kind);
            List<Stretch> stretches = config.stretches(2);
            assertThat(stretches).hasSize(kind == Kind.RANGES ? 2 : kind == Kind.FILES ? 5 : 1);
            List<Candidate> joined = new ArrayList<>();
            for (Stretch stretch : stretches) {
                try (CollectionSource source = stretch.source().open()) {
                    stretch.items(source, 0).forEachRemaining(joined::add);
                }
            }
            assertThat(joined).isEqualTo(Candidates.of(config).all());
        }
    }

    @Test
    void aLeaderThatDiesIsFollowedByAnotherThatKeepsFinishedShards() throws IOException {
        BuildOrder order = order(source(Kind.RANGES), false);
        Path alone = alone(order);
        Path out = folder.resolve("shared");
        Path partial = folder.resolve("shared.partial");
        try (SharedBuild build = SharedBuild.begin(order, out, 3)) {
            survey(build);
            run(build.tasks(3).get(1));
        }
        List<String> left = names(partial);
        assertThat(out).doesNotExist();
        assertThat(left).anyMatch(name -> name.endsWith(".arrow"));
        // An attempt that was killed, and a shard that was cut short by it.
        Bytes.put(partial.resolve(".attempt-1/00000.arrow"), "half a shard");
        Bytes.put(partial.resolve("00000.arrow"), "not noted as finished");
        Path kept = partial.resolve(left.stream()
                .filter(name -> name.endsWith(".arrow"))
                .findFirst()
                .orElseThrow());
        Object before = Files.readAttributes(kept, "unix:ino").get("ino");
        try (SharedBuild build = SharedBuild.begin(order, out, 3)) {
            survey(build);
            List<ShardTask.Written> written =
                    build.tasks(3).stream().map(SharedBuildTest::run).toList();
            build.finish(written);
        }
        assertSameFiles(alone, out);
        assertThat(Files.readAttributes(out.resolve(kept.getFileName()), "unix:ino")
                        .get("ino"))
                .isEqualTo(before);
    }

    @Test
    void aCollectionThatHasChangedSinceIsRefused() throws IOException {
        BuildOrder order = order(source(Kind.RANGES), false);
        Path out = folder.resolve("shared");
        try (SharedBuild build = SharedBuild.begin(order, out, 3)) {
            survey(build);
            build.tasks(3).forEach(SharedBuildTest::run);
        }
        Path image = folder.resolve("images/class0/0002.png");
        byte[] changed = Files.readAllBytes(image);
        changed[changed.length - 1] ^= 1;
        Files.write(image, changed);
        try (SharedBuild build = SharedBuild.begin(order, out, 3)) {
            survey(build);
            ShardTask first = build.tasks(3).get(0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run(first))
                    .withMessageContainingAll("class0/0002.png is not what an earlier build wrote", "has changed");
        }
    }

    @Test
    void tooManyRejectionsEndTheBuildAndLeaveNothing() throws IOException {
        SourceConfig source = source(Kind.RANGES);
        BuildOrder strict = new BuildOrder(source, false, SHARD_BYTES, 0.001, 3);
        Path out = folder.resolve("shared");
        try (SharedBuild build = SharedBuild.begin(strict, out, 3)) {
            survey(build);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> build.tasks(3))
                    .withMessageContainingAll("15 of 700 items are rejected", "--max-rejected");
        }
        assertThat(out).doesNotExist();
        assertThat(folder.resolve("shared.partial")).doesNotExist();
    }

    @Test
    void aCollectionThatIsNotThereLeavesNothing() {
        BuildOrder order = order(new SourceConfig.Webdataset(folder.resolve("none"), NAMING), false);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedBuild.begin(order, folder.resolve("shared"), 3))
                .withMessageContaining("none");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aCollectionThatChangesMeanwhileIsRefused() throws IOException {
        BuildOrder order = order(source(Kind.RANGES), false);
        try (SharedBuild build = SharedBuild.begin(order, folder.resolve("shared"), 3)) {
            survey(build);
            Bytes.put(folder.resolve("images/class0/0002.png"), Bytes.png(40, 40));
            ShardTask first = build.tasks(3).get(0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run(first))
                    .withMessageContaining("changed while it was built");
        }
    }

    @Test
    void aDirectoryThatIsThereOrIsBeingBuiltIsRefused() throws IOException {
        BuildOrder order = order(source(Kind.WHOLE), false);
        Path alone = alone(order);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedBuild.begin(order, alone, 3))
                .withMessageContaining("exists");
        Path out = folder.resolve("shared");
        try (SharedBuild build = SharedBuild.begin(order, out, 3)) {
            assertThat(build.stretches()).hasSize(1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SharedBuild.begin(order, out, 3))
                    .withMessageContaining("Another process is building");
        }
    }

    /** Every kind of source, with all that it can hold. */
    @Test
    void ordersSurviveAsText() {
        Path path = Path.of("/data/with space/x");
        Naming naming = new Naming("n\u00e9", "MIT", List.of("a", "b"));
        List<SourceConfig> sources = List.of(
                new SourceConfig.Folder(path, Split.TRAIN, path, naming),
                new SourceConfig.Csv(path, null, "image=x", naming),
                new SourceConfig.Tsv(path, path, "", naming),
                new SourceConfig.Webdataset(path, naming),
                new SourceConfig.Arrow(path, path, "", naming),
                new SourceConfig.Parquet(path, null, "", naming),
                new SourceConfig.Cifar(path, Split.TEST, naming),
                new SourceConfig.Idx(path, Split.TRAIN, 0.25, 7, naming),
                new SourceConfig.Openclipart(path, null, Raster.DEFAULT),
                new SourceConfig.Coco(path, null, List.of(path), path, naming),
                new SourceConfig.Lvis(path, Split.TRAIN, List.of(), null, naming),
                new SourceConfig.Objects365(path, null, List.of(path, path), path, naming),
                new SourceConfig.Voc(path, Split.VALIDATION, naming),
                new SourceConfig.Openimages(path, List.of(path), path, naming),
                new SourceConfig.Ade20k(path, Split.TRAIN, naming),
                new SourceConfig.Tuxpaint(path, Split.TEST, new Raster(32, 5, 4)),
                new SourceConfig.Openmoji(path, path, true, null, Raster.DEFAULT));
        assertThat(sources).hasSize(SourceConfig.class.getPermittedSubclasses().length);
        for (SourceConfig source : sources) {
            BuildOrder order = new BuildOrder(source, true, 12345, 0.125, 3);
            assertThat(BuildJson.parse(BuildJson.text(order), BuildOrder.class)).isEqualTo(order);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardTask.parse("{}"))
                .withMessageContaining("ShardTask");
    }

    @Test
    void aSurveyTellsWhatAPassFinds() throws IOException {
        SourceConfig source = source(Kind.WHOLE);
        List<Candidate> all = Candidates.of(source).all();
        List<String> found = new ArrayList<>();
        Survey.read(Survey.of(Stretch.whole(source)), new Survey.Receiver() {
            private final Iterator<Candidate> expected = all.iterator();

            @Override
            public void kept(RecordShape shape) {
                Example example = ((Candidate.Accepted) expected.next()).example();
                assertThat(shape).isNotNull();
                found.add(example.id());
            }

            @Override
            public void leftOut(String rule) {
                assertThat(((Candidate.LeftOut) expected.next()).rule()).isEqualTo(rule);
            }

            @Override
            public void rejected(Candidate.Rejected item) {
                assertThat(expected.next()).isEqualTo(item);
            }

            @Override
            public void counted(Survey.Kind kind, String name, long count) {
                if (kind == Survey.Kind.LICENCE) {
                    assertThat(name).isIn("MIT", "CC0-1.0");
                    assertThat(count).isBetween(50L, 60L);
                }
            }
        });
        assertThat(found).hasSize(113);
    }
}
