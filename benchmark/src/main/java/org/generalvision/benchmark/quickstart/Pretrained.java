package org.generalvision.benchmark.quickstart;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.SortedMap;
import org.generalvision.data.source.ExampleData;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Pass;
import org.generalvision.train.Checkpoint;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.amateur.ImageTextEvaluation;
import org.generalvision.upstream.amateur.ImageTextMetrics;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.amateur.ImageTextTraining;
import org.generalvision.zoo.ZooCatalog;

/**
 * A finished pretraining on image-text pairs.
 *
 * @param name of its recipe
 * @param recipe DeCLIP's or CLIP's
 * @param checkpoint its last one
 * @param directory run directory
 */
record Pretrained(String name, UpstreamRecipe recipe, Checkpoint checkpoint, Path directory) {

    /**
     * What the recipe measures, on other data. Gradients must be off.
     *
     * @param cache folder for data that is unpacked before use
     */
    SortedMap<String, Double> measure(ExampleData data, Path cache, NDManager owner) {
        try (NDManager manager = owner.newSubManager();
                Tokenizer tokenizer = tokenizer()) {
            return new ImageTextMetrics(
                            evaluation().on(data),
                            model(tokenizer.vocabularySize(), manager),
                            tokenizer,
                            Pass.evaluation(),
                            new ImageTextMetrics.Places(directory, cache, manager))
                    .evaluate(checkpoint.step());
        }
    }

    ImageTextModel.Config modelConfig() {
        return towers().model();
    }

    ImageTextEvaluation evaluation() {
        return towers().evaluation();
    }

    private UpstreamRecipe.ImageText towers() {
        if (recipe instanceof UpstreamRecipe.ImageText towers) {
            return towers;
        }
        throw new IllegalStateException("The recipe " + name + " trains no image-text model");
    }

    /** The vocabulary of the run; the caller closes it. */
    Tokenizer tokenizer() {
        return Tokenizer.open(directory.resolve(ImageTextTraining.TOKENIZER));
    }

    /** The trained model. */
    ImageTextModel model(int vocabularySize, NDManager manager) {
        ImageTextModel model = towers().network(vocabularySize);
        model.initialize(manager, DataType.FLOAT32);
        checkpoint.load(model);
        return model;
    }

    /** The image network as it was before training. */
    Backbone untrained(NDManager manager) {
        Backbone network =
                ZooCatalog.create(modelConfig().image(), 0, modelConfig().resolution());
        JniUtils.setSeed(recipe.train().seed());
        network.initialize(manager, DataType.FLOAT32);
        return network;
    }
}
