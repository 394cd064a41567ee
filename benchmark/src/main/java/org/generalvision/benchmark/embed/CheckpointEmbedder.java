package org.generalvision.benchmark.embed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.generalvision.data.augment.ImageRenderer;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Embedder;
import org.generalvision.data.example.Example;
import org.generalvision.data.load.Field;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Pass;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.ComputeDevice;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.amateur.ImageTextTraining;

/** The towers of a checkpoint that was trained on pairs of images and texts; images are seen as its evaluation sees them. */
public final class CheckpointEmbedder implements Embedder {
    private final String name;
    private final NDManager manager;
    private final Tokenizer tokenizer;
    private final ImageTextModel model;
    private final ImageView view;
    private final ImageRenderer renderer;
    private final Pass pass;

    private CheckpointEmbedder(Checkpoint checkpoint, UpstreamRecipe.ImageText recipe, Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        name = checkpoint.path() + " (sha256 " + sha256(checkpoint.model()) + ")";
        manager = ComputeDevice.open(recipe.train().device());
        model = recipe.network(tokenizer.vocabularySize());
        model.initialize(manager, DataType.FLOAT32);
        checkpoint.load(model);
        view = recipe.evaluation().view();
        renderer = new ImageRenderer(List.of(view));
        pass = Pass.evaluation(recipe.train().precision());
    }

    /**
     * Opens a checkpoint.
     *
     * @param path its directory, or a run directory for its newest one
     * @throws IllegalArgumentException if it is damaged, or was not trained on pairs
     */
    public static CheckpointEmbedder open(Path path) {
        Checkpoint checkpoint = Checkpoint.open(path);
        UpstreamRecipe.ImageText recipe =
                requireTowers(Recipe.of("checkpoint", checkpoint.path().toString(), checkpoint.recipe())
                        .as(UpstreamRecipe.class));
        Path run = checkpoint.path().toAbsolutePath().normalize().getParent();
        if (run == null) {
            throw new IllegalArgumentException(path + " lies in no run directory, where its vocabulary would be");
        }
        Tokenizer tokenizer = Tokenizer.open(run.resolve(ImageTextTraining.TOKENIZER));
        try {
            return new CheckpointEmbedder(checkpoint, recipe, tokenizer);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static String sha256(Path file) {
        try {
            return MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    private static UpstreamRecipe.ImageText requireTowers(UpstreamRecipe recipe) {
        if (recipe instanceof UpstreamRecipe.ImageText towers) {
            return towers;
        }
        throw new IllegalArgumentException(
                "A checkpoint that was trained on images with texts is needed (kind amateur, clip or"
                        + " local), this one is of kind " + recipe.getClass().getSimpleName());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int width() {
        return model.embeddingWidth();
    }

    @Override
    public float[][] images(List<Example> examples) {
        if (examples.isEmpty()) {
            return new float[0][];
        }
        ByteBuffer pixels = ByteBuffer.allocateDirect(Math.multiplyExact(examples.size(), view.bytes()))
                .order(ByteOrder.nativeOrder());
        boolean[] readable = new boolean[examples.size()];
        for (int i = 0; i < readable.length; i++) {
            readable[i] = render(examples.get(i), pixels.slice(i * view.bytes(), view.bytes()));
        }
        float[][] rows = rows(() -> {
            try (NDManager step = manager.newSubManager()) {
                Field image = new Field.Image(
                        "image", view.crop().height(), view.crop().width());
                return model.forward(image.array(step, pixels, readable.length), pass)
                        .toFloatArray();
            }
        });
        for (int i = 0; i < readable.length; i++) {
            if (!readable[i]) {
                Arrays.fill(rows[i], Float.NaN);
            }
        }
        return rows;
    }

    private boolean render(Example example, ByteBuffer target) {
        try {
            renderer.render(example.image(), List.of(RandomStream.of(0, 0, 0, "embed")), List.of(target));
            return true;
        } catch (UnreadableSampleException unreadable) {
            return false;
        }
    }

    @Override
    public float[][] texts(List<String> texts) {
        if (texts.isEmpty()) {
            return new float[0][];
        }
        int length = model.contextLength();
        long[] tokens = texts.stream()
                .flatMapToLong(text -> Arrays.stream(tokenizer.encode(text, length)))
                .toArray();
        return rows(() -> {
            try (NDManager step = manager.newSubManager()) {
                NDArray tokens_BL = step.create(tokens, new Shape(texts.size(), length));
                return model.textFeatures(tokens_BL, pass).toFloatArray();
            }
        });
    }

    /** Runs without gradients, which would keep every intermediate alive. */
    private float[][] rows(Supplier<float[]> values) {
        boolean gradients = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try {
            float[] flat = values.get();
            int width = width();
            return Stream.iterate(0, begin -> begin < flat.length, begin -> begin + width)
                    .map(begin -> Arrays.copyOfRange(flat, begin, begin + width))
                    .toArray(float[][]::new);
        } finally {
            JniUtils.setGradMode(gradients);
        }
    }

    @Override
    public void close() {
        renderer.close();
        tokenizer.close();
        manager.close();
    }
}
