package org.generalvision.upstream.amateur;

import java.util.List;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.load.ImageTextSamples;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.source.ExampleData;
import org.generalvision.data.text.Synonyms;
import org.generalvision.data.text.TextAugmentation;
import org.generalvision.data.text.Tokenizer;

/**
 * The pairs of a training.
 *
 * @param train where they come from
 * @param tokenizer vocabulary of the captions
 * @param imageViews how each view of an image is made, one or two
 * @param textViews how each view of a caption is made, one or two
 * @param loader batches and threads
 */
public record ImageTextData(
        ExampleData train,
        TokenizerConfig tokenizer,
        List<ImageView> imageViews,
        List<TextAugmentation> textViews,
        LoaderConfig loader) {
    public ImageTextData {
        imageViews = List.copyOf(imageViews);
        textViews = List.copyOf(textViews);
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

    static void requireResolution(String key, ImageView view, int resolution) {
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

    /** What a batch holds; synonyms need a label system, which this data does not name. */
    ImageTextSamples samples(Tokenizer opened, int contextLength) {
        return new ImageTextSamples(imageViews, textViews, Synonyms.NONE, opened, contextLength);
    }
}
