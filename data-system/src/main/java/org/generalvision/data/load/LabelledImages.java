package org.generalvision.data.load;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.data.augment.ImageRenderer;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.example.Example;

/**
 * Samples of classification: {@code image} (B, 3, H, W) and {@code label} (B), the place in the list of classes of the
 * example's first label that is in that list.
 *
 * @param view how the image is made: with a {@link org.generalvision.data.augment.CenterCrop} and no augmentation for
 *     evaluation
 * @param classes names of the classes, each once
 */
public record LabelledImages(ImageView view, List<String> classes) implements SampleFormat {
    public LabelledImages {
        classes = List.copyOf(classes);
        if (classes.stream().distinct().count() != classes.size() || classes.isEmpty()) {
            throw new IllegalArgumentException("classes must be named, each once: " + classes);
        }
    }

    @Override
    public List<Field> fields() {
        return List.of(
                new Field.Image("image", view.crop().height(), view.crop().width()), new Field.Scalar("label"));
    }

    @Override
    public SampleReader newReader() {
        Map<String, Integer> places = new HashMap<>();
        for (String name : classes) {
            places.put(name, places.size());
        }
        return new Reader(new ImageRenderer(List.of(view)), places);
    }

    private record Reader(ImageRenderer renderer, Map<String, Integer> places) implements SampleReader {
        @Override
        public void read(Example example, Draws draws, Row row) {
            renderer.render(example.image(), List.of(draws.of("image")), List.of(row.get("image")));
            row.get("label").putLong(0, label(example));
        }

        private int label(Example example) {
            for (String label : example.labels()) {
                Integer place = places.get(label);
                if (place != null) {
                    return place;
                }
            }
            // Not the fault of one sample: a list of classes that does not fit the source.
            throw new IllegalArgumentException("Example %s has labels %s, none of which is among the %d classes"
                    .formatted(example.id(), example.labels(), places.size()));
        }

        @Override
        public void close() {
            renderer.close();
        }
    }
}
