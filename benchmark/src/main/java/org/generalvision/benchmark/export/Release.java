package org.generalvision.benchmark.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.Backbone;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.upstream.ImageTower;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.amateur.ImageTextTraining;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.SafetensorsWriter;
import org.generalvision.weights.WeightLoader;
import org.generalvision.zoo.ZooCatalog;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as others get it: a directory with {@value #WEIGHTS}, {@value #CARD} and the recipe. Weights are those that the run
 * evaluated: averaged ones where it averages.
 *
 * @param checkpoint that is released
 * @param format what of it
 * @param tower name of the image network, or null for the only one
 */
public record Release(
        Checkpoint checkpoint, Format format, @Nullable String tower) {
    public static final String WEIGHTS = "model.safetensors";
    public static final String CARD = "card.json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** What is released. */
    public enum Format {
        /** An image network under the zoo's own names, as {@code gv zoo forward} and others load it. */
        backbone,
        /** All weights under the checkpoint's names, with the vocabulary of a text tower. */
        whole
    }

    /**
     * What a card says.
     *
     * @param network name in the zoo
     * @param resolution side of the pictures, in pixels
     * @param kind of the recipe
     * @param step that the checkpoint was made at
     * @param figures its evaluation
     * @param checkpointSha256 of the checkpoint's weights
     * @param weightsSha256 of the released file
     */
    public record Card(
            String network,
            int resolution,
            String kind,
            long step,
            SortedMap<String, Double> figures,
            String checkpointSha256,
            String weightsSha256) {}

    /**
     * Writes the directory, whole or not at all.
     *
     * @throws IllegalArgumentException if the checkpoint has no such image network
     */
    public Card write(Path directory) {
        try {
            if (Files.exists(directory)) {
                throw new FileAlreadyExistsException(directory.toString());
            }
            MoreFiles.createParentDirectories(directory.toAbsolutePath());
            Path partial = Files.createTempDirectory(directory.toAbsolutePath().getParent(), ".export-");
            try {
                Card card = fill(partial);
                Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
                return card;
            } finally {
                if (Files.exists(partial)) {
                    MoreFiles.deleteRecursively(partial, RecursiveDeleteOption.ALLOW_INSECURE);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + directory, e);
        }
    }

    private Card fill(Path directory) throws IOException {
        Recipe recipe = Recipe.of("checkpoint", checkpoint.path() + "/recipe.yaml", checkpoint.recipe());
        UpstreamRecipe stage = recipe.as(UpstreamRecipe.class);
        ImageTower image = image(stage.towers());
        Path weights = directory.resolve(WEIGHTS);
        String hash;
        try (NDManager manager = NDManager.newBaseManager()) {
            hash = SafetensorsWriter.write(
                    weights,
                    format == Format.backbone ? backbone(image, manager) : whole(stage, manager),
                    Map.of("network", image.network(), "resolution", Integer.toString(image.resolution())));
            if (format == Format.backbone) {
                requireLoads(image, weights, manager);
            }
        }
        Path vocabulary = checkpoint.path().toAbsolutePath().resolveSibling(ImageTextTraining.TOKENIZER);
        if (format == Format.whole && Files.exists(vocabulary)) {
            Files.copy(vocabulary, directory.resolve(ImageTextTraining.TOKENIZER));
        }
        Files.writeString(directory.resolve("recipe.yaml"), checkpoint.recipe());
        Card card = new Card(
                image.network(),
                image.resolution(),
                recipe.kind(),
                checkpoint.step(),
                checkpoint.evaluation(),
                checkpoint.modelHash(),
                hash);
        Files.writeString(directory.resolve(CARD), json(card) + "\n");
        return card;
    }

    private static String json(Card card) throws JsonProcessingException {
        return JSON.writeValueAsString(card);
    }

    private ImageTower image(List<ImageTower> towers) {
        List<String> names = towers.stream().map(ImageTower::name).toList();
        if (tower == null && towers.size() > 1 && format == Format.backbone) {
            throw new IllegalArgumentException(
                    "The checkpoint has an image network for each of its branches; name one of " + names
                            + " with --branch");
        }
        return towers.stream()
                .filter(image -> tower == null || image.name().equals(tower))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "The checkpoint has no image network %s, only %s".formatted(tower, names)));
    }

    private SortedMap<String, NDArray> backbone(ImageTower image, NDManager manager) {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        checkpoint
                .evaluated(path -> path.startsWith(image.prefix()), manager)
                .forEach((path, array) ->
                        arrays.put(path.substring(image.prefix().length()), array));
        return arrays;
    }

    private SortedMap<String, NDArray> whole(UpstreamRecipe stage, NDManager manager) {
        return checkpoint.evaluated(path -> !stage.isScaffold(path), manager);
    }

    /** Others load the file into the zoo's network by its names; so it is tried. */
    private static void requireLoads(ImageTower image, Path weights, NDManager manager) {
        Backbone network = ZooCatalog.create(image.network(), 0, image.resolution());
        network.initialize(manager, DataType.FLOAT32);
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            WeightLoader.load(network, file);
        }
    }
}
