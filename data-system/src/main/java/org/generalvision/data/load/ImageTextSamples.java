package org.generalvision.data.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.generalvision.data.augment.ImageRenderer;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;
import org.generalvision.data.text.Synonyms;
import org.generalvision.data.text.TextAugmentation;
import org.generalvision.data.text.Tokenizer;

/**
 * Samples of image-text training: {@code image} and, with a second view, {@code image2} (B, 3, H, W); {@code text} and, with
 * a second one, {@code text2} (B, context length) token ids; {@code caption} (B), a hash that is equal where captions are
 * equal up to case and spacing. An example's first caption that is not blank is its text; without one it is unreadable.
 *
 * <p>Each array draws from the stream of its name, so a second view changes no draw of the first.
 *
 * @param imageViews one or two image views
 * @param textViews for each text view its augmentation, one or two; {@link TextAugmentation#NONE} for the caption as it is
 * @param synonyms for synonym replacement in the captions whose language they speak, or {@link Synonyms#NONE}
 * @param tokenizer stays open when readers close
 * @param contextLength token ids in a text
 */
public record ImageTextSamples(
        List<ImageView> imageViews,
        List<TextAugmentation> textViews,
        Synonyms synonyms,
        Tokenizer tokenizer,
        int contextLength)
        implements SampleFormat {
    private static final List<String> IMAGE_NAMES = List.of("image", "image2");
    private static final List<String> TEXT_NAMES = List.of("text", "text2");

    public ImageTextSamples {
        imageViews = List.copyOf(imageViews);
        textViews = List.copyOf(textViews);
        if (imageViews.isEmpty()
                || imageViews.size() > IMAGE_NAMES.size()
                || textViews.isEmpty()
                || textViews.size() > TEXT_NAMES.size()) {
            throw new IllegalArgumentException(
                    "One or two image views and one or two text views are possible: %d and %d"
                            .formatted(imageViews.size(), textViews.size()));
        }
        Tokenizer.requireContextLength(contextLength);
    }

    @Override
    public List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < imageViews.size(); i++) {
            int height = imageViews.get(i).crop().height();
            fields.add(new Field.Image(
                    IMAGE_NAMES.get(i), height, imageViews.get(i).crop().width()));
        }
        for (int i = 0; i < textViews.size(); i++) {
            fields.add(new Field.Sequence(TEXT_NAMES.get(i), contextLength));
        }
        fields.add(new Field.Scalar("caption"));
        return fields;
    }

    @Override
    public SampleReader newReader() {
        return new Reader(this, new ImageRenderer(imageViews));
    }

    private static Example.Caption caption(Example example) {
        return example.captions().stream()
                .filter(caption -> !caption.text().isBlank())
                .findFirst()
                .orElseThrow(() -> new UnreadableSampleException("the example has no caption"));
    }

    private static long hash(String caption) {
        return RandomStream.hash(caption.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT));
    }

    private record Reader(ImageTextSamples format, ImageRenderer renderer) implements SampleReader {
        @Override
        public void read(Example example, Draws draws, Row row) {
            Example.Caption caption = caption(example);
            Synonyms synonyms = format.synonyms.speak(caption.language()) ? format.synonyms : Synonyms.NONE;
            List<RandomStream> streams = new ArrayList<>();
            List<ByteBuffer> targets = new ArrayList<>();
            for (String name : IMAGE_NAMES.subList(0, format.imageViews.size())) {
                streams.add(draws.of(name));
                targets.add(row.get(name));
            }
            renderer.render(example.image(), streams, targets);
            for (int i = 0; i < format.textViews.size(); i++) {
                String name = TEXT_NAMES.get(i);
                String text = format.textViews.get(i).apply(caption.text(), synonyms, draws.of(name));
                long[] tokens = format.tokenizer.encode(text, format.contextLength);
                row.get(name).asLongBuffer().put(tokens);
            }
            row.get("caption").putLong(0, hash(caption.text()));
        }

        @Override
        public void close() {
            renderer.close();
        }
    }
}
