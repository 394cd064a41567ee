package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Pass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
    private final NDManager manager = ComputeDevice.open("cpu");
    private final Toy.Source source = new Toy.Source(4);

    @TempDir
    Path folder;

    private TrainState state;

    @BeforeEach
    void fresh() {
        state = new TrainState(Toy.config(100, 10), List.of(new Toy.Method(manager)), manager);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Checkpoint saveNext(CheckpointStore store, Path run) {
        state.advance(List.of(source.next(manager)));
        try (RunDirectory directory = Toy.directory(run)) {
            return store.save(state, directory);
        }
    }

    private static List<String> checkpoints(Path run) {
        return Checkpoint.children(run).stream()
                .map(p -> p.getFileName().toString())
                .filter(name -> name.startsWith("step-"))
                .toList();
    }

    @Test
    void aCheckpointHoldsEverythingAndTellsItsRecipe() {
        CheckpointStore store = new CheckpointStore(folder, TrainConfig.Keep.newest(2));
        Checkpoint saved = saveNext(store, folder);
        Checkpoint opened = Checkpoint.open(folder);
        assertThat(opened).isEqualTo(saved);
        assertThat(opened.recipe()).isEqualTo("name: toy\n");
        assertThat(Checkpoint.children(saved.path()).stream()
                        .map(p -> p.getFileName().toString()))
                .containsExactly(
                        "COMPLETE",
                        "model.safetensors",
                        "optimizer.safetensors",
                        "provenance.json",
                        "recipe.yaml",
                        "state.json");
        Toy.Network other = Toy.network(manager, 99);
        opened.load(other);
        assertThat(Toy.at(other.parameters(), "head.weight").getArray())
                .isEqualTo(Toy.at(state.weights(), "head.weight"));
    }

    @Test
    void theNewestAndTheBestStay() {
        TrainConfig.Keep keep = new TrainConfig.Keep(2, "accuracy", true);
        CheckpointStore store = new CheckpointStore(folder, keep);
        for (double accuracy : new double[] {0.1, 0.9, 0.3, Double.NaN, 0.2}) {
            state.advance(List.of(source.next(manager)));
            state.evaluate(step -> new TreeMap<>(Map.of("accuracy", accuracy)));
            try (RunDirectory directory = Toy.directory(folder)) {
                store.save(state, directory);
            }
        }
        assertThat(checkpoints(folder)).containsExactly("step-00000002", "step-00000004", "step-00000005");
    }

    @Test
    void whatAKilledSaveLeavesBehindIsNoCheckpointAndIsRemoved() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, TrainConfig.Keep.newest(5));
        saveNext(store, folder);
        Path partial = Files.createDirectory(folder.resolve("step-00000007.partial"));
        Files.writeString(partial.resolve("model.safetensors.partial"), "half");
        Path incomplete = Files.createDirectory(folder.resolve("step-00000009"));
        Files.writeString(incomplete.resolve("model.safetensors"), "whole, but without COMPLETE");
        assertThat(store.newest().orElseThrow().step()).isEqualTo(1);
        assertThatThrownBy(() -> Checkpoint.open(incomplete)).hasMessageContaining("no file COMPLETE");
        saveNext(store, folder);
        assertThat(checkpoints(folder)).containsExactly("step-00000001", "step-00000002");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"model.safetensors", "optimizer.safetensors", "state.json", "recipe.yaml", "provenance.json"})
    void aFlippedBitInAnyFileIsFound(String name) throws IOException {
        CheckpointStore store = new CheckpointStore(folder, TrainConfig.Keep.newest(5));
        Path file = saveNext(store, folder).path().resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 16;
        Files.write(file, bytes);
        assertThatThrownBy(store::newest)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is damaged")
                .hasMessageContaining("remove this checkpoint");
        Files.delete(file);
        assertThatThrownBy(store::newest).hasMessageContaining("missing");
    }

    @Test
    void aCheckpointOfAnotherArchitectureSaysWhatDiffers() {
        Checkpoint saved = saveNext(new CheckpointStore(folder, TrainConfig.Keep.newest(5)), folder);
        Layer other = new Layer() {
            private final Linear head = child("head", new Linear(6, 4));
            private final Linear tail = child("tail", new Linear(4, 2));

            @Override
            public NDArray forward(NDArray x, Pass pass) {
                return tail.forward(head.forward(x, pass), pass);
            }
        };
        other.initialize(manager, DataType.FLOAT32);
        NDArray weight = Toy.at(other.parameters(), "head.weight").getArray();
        NDArray before = weight.duplicate();
        assertThatThrownBy(() -> saved.load(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("head.weight has the shape (3, 6) instead of (4, 6)")
                .hasMessageContaining("missing tail.weight (2, 4)")
                .hasMessageContaining("unexpected stem.weight (6, 3, 3, 3)");
        assertThat(weight).isEqualTo(before);
    }

    @Test
    void thePlaceWithoutACheckpointIsNamed() {
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither a complete checkpoint");
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("nowhere")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void aFullDiskLeavesTheOldCheckpointGood() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeThat(mount(disk)).as("only root can mount a small disk").isTrue();
        try {
            CheckpointStore store = new CheckpointStore(disk, TrainConfig.Keep.newest(1));
            saveNext(store, disk);
            Path filler = disk.resolve("filler");
            fill(filler);
            assertThatThrownBy(() -> saveNext(store, disk))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining("step-00000001 is unharmed")
                    .hasMessageContaining("free some disk space");
            assertThat(checkpoints(disk)).containsExactly("step-00000001");
            assertThat(store.newest().orElseThrow().step()).isEqualTo(1);
            Files.delete(filler);
            assertThat(saveNext(store, disk).step()).isEqualTo(3);
        } finally {
            run("umount", disk.toString());
        }
    }

    /** Leaves a few kilobytes free: enough for a file or two of a checkpoint. */
    private static void fill(Path filler) throws IOException {
        byte[] kilobyte = new byte[1024];
        try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (Files.getFileStore(filler).getUsableSpace() > 12 * 1024) {
                channel.write(ByteBuffer.wrap(kilobyte));
            }
        }
    }

    private static boolean mount(Path folder) throws IOException, InterruptedException {
        return run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder.toString());
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        if (!Files.exists(Path.of("/bin", command[0]))) {
            return false;
        }
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }

    @Test
    void stateComesBackToTheBit() {
        Checkpoint saved = saveNext(new CheckpointStore(folder, TrainConfig.Keep.newest(5)), folder);
        TrainState other = new TrainState(Toy.config(100, 10), List.of(new Toy.Method(manager)), manager);
        other.restore(saved);
        assertThat(other.position()).isEqualTo(state.position());
        SortedMap<String, NDArray> expected = state.optimizerArrays();
        other.optimizerArrays()
                .forEach((name, array) -> assertThat(array.toByteBuffer())
                        .as(name)
                        .isEqualTo(Toy.at(expected, name).toByteBuffer()));
    }
}
