package org.generalvision.upstream.amateur;

import java.util.List;
import java.util.Map;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.ImageTextSamples;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.source.ExampleData;
import org.generalvision.data.text.Synonyms;
import org.generalvision.data.text.TextAugmentation;
import org.generalvision.data.text.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of a training.
 *
 * @param train where they come from
 * @param tokenizer vocabulary of the captions
 * @param imageViews how each view of an image is made, one or two
 * @param textViews how each view of a caption is made, one or two
 * @param synonyms which words may replace others, or null for none: then no view draws that operation
 * @param loader batches, of two samples at least, and threads
 */
public record ImageTextData(
        ExampleData train,
        TokenizerConfig tokenizer,
        List<ImageView> imageViews,
        List<TextAugmentation> textViews,
        @Nullable SynonymsConfig synonyms,
        LoaderConfig loader) {
    public ImageTextData {
        imageViews = List.copyOf(imageViews);
        textViews = List.copyOf(textViews);
        if (loader.batchSize() < 2) {
            throw new IllegalArgumentException(
                    ("loader.batchSize must be at least 2, since each image must find its text"
                                    + " among those of its batch and one alone is always found; make batches larger: %d")
                            .formatted(loader.batchSize()));
        }
        if (synonyms != null && textViews.stream().allMatch(view -> view.synonym() == 0)) {
            throw new IllegalArgumentException("synonyms names a label system, but synonym is 0 in all textViews:"
                    + " give one a strength such as 0.1, or set synonyms to null");
        }
    }

    /** Refuses chunks that are not all alike: a rest of one sample would have no statistics. */
    void requireChunks(int chunkSize) {
        int batchSize = loader.batchSize();
        if (chunkSize < 1 || (chunkSize < batchSize && batchSize % chunkSize != 0)) {
            throw new IllegalArgumentException(("objective.chunkSize must divide data.loader.batchSize, %d, into equal"
                            + " chunks (%d or more: the whole batch at once): %d")
                    .formatted(batchSize, batchSize, chunkSize));
        }
    }

    /** Refuses another number of views than the method takes. */
    void requireViews(int number) {
        if (imageViews.size() != number || textViews.size() != number) {
            throw new IllegalArgumentException(
                    "This method takes %d image and %d text views: the recipe has %d and %d at data.imageViews and data.textViews"
                            .formatted(number, number, imageViews.size(), textViews.size()));
        }
    }

    /** Refuses views that are not squares of the size that the model is made for. */
    void requireResolution(int resolution) {
        for (ImageView view : imageViews) {
            requireResolution("data.imageViews", view, resolution);
        }
    }

    /** Refuses a view that is no square of the size that the model is made for; {@code key} says where it stands. */
    public static void requireResolution(String key, ImageView view, int resolution) {
        if (view.crop().height() != resolution || view.crop().width() != resolution) {
            throw new IllegalArgumentException("%s must have the model's resolution of %d x %d pixels: %d x %d"
                    .formatted(
                            key,
                            resolution,
                            resolution,
                            view.crop().height(),
                            view.crop().width()));
        }
    }

    /** The label system's synonyms, or none. */
    Synonyms openSynonyms() {
        return synonyms == null ? Synonyms.NONE : synonyms.open();
    }

    /** What a batch holds. */
    ImageTextSamples samples(Synonyms opened, Tokenizer vocabulary, int contextLength) {
        return new ImageTextSamples(imageViews, textViews, opened, vocabulary, contextLength);
    }

    /** Hashes of what is read, for the run's provenance. */
    Map<String, String> provenance(ExampleSource source) {
        return synonyms == null
                ? Map.of("data.train", source.hash())
                : Map.of("data.train", source.hash(), "data.synonyms", synonyms.hash());
    }
}
