package org.generalvision.data.source;

import com.google.common.hash.Hashing;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.data.example.Example;

/**
 * Images and labels of the MNIST family: {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte} and the same with
 * {@code t10k} for the test split, with or without {@code .gz}. No validation split exists.
 */
public final class IdxSource implements CollectionSource {
    /** The ten classes of Fashion-MNIST by label, from the table in the data set's README. */
    public static final List<String> FASHION_MNIST = List.of(
            "t-shirt or top",
            "trouser",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot");

    private static final int MAX_SIDE = 4096;

    private final Split split;
    private final Naming naming;
    private final IdxFile images;
    private final IdxFile labels;
    private final int[] selected;
    private final PngEncoder encoder = new PngEncoder();

    /**
     * Which images to yield: of each class the same share, drawn by a seed.
     *
     * @param fraction in (0, 1]; each class gives fraction times its count, rounded
     * @param seed of the draw; without meaning if the fraction is 1
     */
    public record Sample(double fraction, long seed) {
        public static final Sample ALL = new Sample(1, 0);

        public Sample {
            if (!(fraction > 0 && fraction <= 1)) {
                throw new IllegalArgumentException("The fraction must lie in (0, 1]: " + fraction);
            }
        }
    }

    /**
     * Reads both files of a split.
     *
     * @param folder of the files
     * @throws IllegalArgumentException if a file is missing or malformed, they differ in number, or a label has no name
     */
    public IdxSource(Path folder, Split split, Naming naming, Sample sample) {
        this.split = split;
        this.naming = naming;
        String prefix = switch (split) {
            case TRAIN -> "train";
            case TEST -> "t10k";
            case VALIDATION ->
                throw new IllegalArgumentException(
                        "IDX collections have the splits train and test, no validation; name one of them");
        };
        images = IdxFile.read(find(folder, prefix + "-images-idx3-ubyte"), 3);
        labels = IdxFile.read(find(folder, prefix + "-labels-idx1-ubyte"), 1);
        check();
        selected = select(sample);
    }

    private void check() {
        int count = images.shape().get(0);
        int numClasses = numClasses();
        if (count != labels.values().capacity()) {
            throw new IllegalArgumentException("The IDX files hold %d images but %d labels"
                    .formatted(count, labels.values().capacity()));
        }
        if (images.shape().get(1) > MAX_SIDE || images.shape().get(2) > MAX_SIDE) {
            throw new IllegalArgumentException(
                    "IDX images of shape %s exceed %d pixels a side".formatted(images.shape(), MAX_SIDE));
        }
        for (int i = 0; i < count; i++) {
            if (label(i) >= numClasses) {
                throw new IllegalArgumentException(
                        "Image %d of the IDX files has label %d, but there are %d class names"
                                .formatted(i, label(i), numClasses));
            }
        }
    }

    private int numClasses() {
        return naming.classes().isEmpty() ? 256 : naming.classes().size();
    }

    private int[] select(Sample sample) {
        BitSet chosen = new BitSet();
        for (int label = 0; label < numClasses(); label++) {
            int wanted = label;
            List<Integer> members =
                    new ArrayList<>(IntStream.range(0, labels.values().capacity())
                            .filter(i -> label(i) == wanted)
                            .boxed()
                            .toList());
            members.sort(Comparator.comparing(i -> draw(sample.seed(), i)));
            int count = (int) Math.round(sample.fraction() * members.size());
            members.subList(0, count).forEach(chosen::set);
        }
        return chosen.stream().toArray();
    }

    /** A fixed hash instead of a random generator: no library can change the draw, and it does not depend on an order. */
    private static String draw(long seed, int index) {
        return Hashing.sha256().newHasher().putLong(seed).putInt(index).hash().toString();
    }

    @Override
    public long size() {
        return selected.length;
    }

    @Override
    public Iterator<Candidate> iterator() {
        return IntStream.of(selected)
                .mapToObj(i -> (Candidate) new Candidate.Accepted(example(i)))
                .iterator();
    }

    private Example example(int index) {
        return naming.example("%s/%05d".formatted(split.lowerName(), index), image(index))
                .labels(List.of(naming.className(label(index))))
                .build();
    }

    private ByteBuffer image(int index) {
        int height = images.shape().get(1);
        int width = images.shape().get(2);
        byte[] pixels = new byte[height * width];
        images.values().get(index * pixels.length, pixels);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, width, height, pixels);
        return encoder.encode(image);
    }

    private int label(int index) {
        return labels.values().get(index) & 255;
    }

    private static Path find(Path folder, String name) {
        for (Path file : List.of(folder.resolve(name + ".gz"), folder.resolve(name))) {
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new IllegalArgumentException("No " + name + " (with or without .gz) in " + folder
                + ": name the folder of the IDX files, /usr/share/datasets/fashion-mnist in Debian");
    }
}
