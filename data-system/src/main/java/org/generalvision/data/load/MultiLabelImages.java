package org.generalvision.data.load;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.generalvision.data.augment.ImageRenderer;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.example.Example;
import org.generalvision.data.label.LabelSpace;

/**
 * Samples of multi-label classification from several collections: {@code image} (B, 3, H, W), {@code present} (B, K) float32, 1 for the
 * concepts of the space that are there, ancestors included, and {@code known} (B, K) float32, 1 for those that are known to be there
 * or not. What a collection does not annotate is unknown, never absent.
 *
 * @param view how the image is made
 * @param space the K concepts
 * @param sources what the examples of each collection are annotated with, by {@link Example#source}
 */
public record MultiLabelImages(ImageView view, LabelSpace space, Map<String, Source> sources) implements SampleFormat {
    public MultiLabelImages {
        sources = Map.copyOf(sources);
        sources.values().forEach(source -> space.dataSet(source.dataSet()));
        if (space.size() == 0) {
            throw new IllegalArgumentException("None of the labels of %s is merged into a concept"
                    .formatted(sources.values().stream().map(Source::dataSet).toList()));
        }
    }

    /**
     * How a collection is annotated.
     *
     * @param dataSet the name under which its labels are mapped to the label system
     * @param looked for which of the data set's classes somebody looked in each image
     */
    public record Source(String dataSet, Looked looked) {}

    /** For which classes somebody looked in an image. */
    public enum Looked {
        /** For all of the data set, so that those it does not name are absent. */
        ALL,
        /** For those alone that it names as present or as absent, as in Open Images and LVIS. */
        NAMED
    }

    /**
     * What an example says of the concepts.
     *
     * @throws IllegalArgumentException if nothing is said of its collection
     */
    public LabelSpace.Target target(Example example) {
        Source source = sources.get(example.source());
        if (source == null) {
            throw unknownSource(example, sources.keySet());
        }
        LabelSpace.Annotation annotation = space.dataSet(source.dataSet);
        return source.looked == Looked.ALL
                ? annotation.target(example.labels())
                : annotation.target(
                        example.labels(),
                        annotation.classes().stream()
                                .filter(name -> example.labels().contains(name)
                                        || example.absentLabels().contains(name))
                                .toList());
    }

    /** An example of a collection of which nothing is said. */
    public static IllegalArgumentException unknownSource(Example example, Set<String> named) {
        return new IllegalArgumentException("Example %s is of the collection %s, but sources has only %s: add it"
                .formatted(example.id(), example.source(), new TreeSet<>(named)));
    }

    @Override
    public List<Field> fields() {
        List<Long> columns = List.of((long) space.size());
        return List.of(
                new Field.Image("image", view.crop().height(), view.crop().width()),
                new Field.Numbers("present", DataType.FLOAT32, columns),
                new Field.Numbers("known", DataType.FLOAT32, columns));
    }

    @Override
    public SampleReader newReader() {
        return new Reader(new ImageRenderer(List.of(view)), this);
    }

    private record Reader(ImageRenderer renderer, MultiLabelImages format) implements SampleReader {
        @Override
        public void read(Example example, Draws draws, Row row) {
            LabelSpace.Target target = format.target(example);
            renderer.render(example.image(), List.of(draws.of("image")), List.of(row.get("image")));
            target.putValues(row.get("present").asFloatBuffer());
            target.putMask(row.get("known").asFloatBuffer());
        }

        @Override
        public void close() {
            renderer.close();
        }
    }
}
