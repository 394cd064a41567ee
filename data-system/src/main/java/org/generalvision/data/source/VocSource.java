package org.generalvision.data.source;

import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.ExampleBuilder;
import org.generalvision.data.example.Fault;
import org.generalvision.data.example.Mask;
import org.jspecify.annotations.Nullable;

/**
 * Pascal VOC (development kit of the challenge): {@code Annotations/*.xml} beside {@code JPEGImages}. Boxes count pixels from
 * 1 and include their last ones; here they count from 0 and exclude it. Difficult objects, which evaluation ignores, are
 * marked as crowds.
 *
 * <p>Where {@code SegmentationClass} has a map of the image, each object of {@code SegmentationObject} becomes a mask with its
 * class, linked to the box of the same number; without object map, each class becomes one. Pixels of 255 are neither object
 * nor background: they become a mask named {@value #VOID}.
 */
final class VocSource extends StreamingSource {
    /** The label of pixels that evaluation ignores. */
    static final String VOID = "void";

    /** Class numbers of the maps, in the order of the development kit: alphabetic from 1, background 0. */
    static final List<String> CLASSES = List.of(
            "background",
            "aeroplane",
            "bicycle",
            "bird",
            "boat",
            "bottle",
            "bus",
            "car",
            "cat",
            "chair",
            "cow",
            "diningtable",
            "dog",
            "horse",
            "motorbike",
            "person",
            "pottedplant",
            "sheep",
            "sofa",
            "train",
            "tvmonitor");

    private static final int VOID_INDEX = 255;
    private static final int MAX_XML_BYTES = 4 << 20;

    private final Path root;
    private final @Nullable Path list;
    private final SafeFolder annotations;
    private final SafeFolder images;
    private final Naming naming;
    private final List<String> classes;

    /**
     * A year of the challenge, or a collection in its form.
     *
     * @param root folder with {@code Annotations} and {@code JPEGImages}
     * @param split whose list in {@code ImageSets/Main} or {@code ImageSets/Segmentation} to follow, or null for all files
     * @param naming its class names, if any, are those of the maps, background first
     */
    VocSource(Path root, @Nullable Split split, Naming naming) {
        this.root = root;
        annotations = new SafeFolder(root.resolve("Annotations"));
        images = new SafeFolder(root.resolve("JPEGImages"));
        list = split == null ? null : list(root, split);
        this.naming = naming;
        classes = naming.classes().isEmpty() ? CLASSES : naming.classes();
    }

    private static Path list(Path root, Split split) {
        for (String set : List.of("Main", "Segmentation")) {
            for (String name : split.names()) {
                Path file = root.resolve("ImageSets").resolve(set).resolve(name + ".txt");
                if (Files.isRegularFile(file)) {
                    return file;
                }
            }
        }
        throw new IllegalArgumentException("%s has no list ImageSets/Main/%s.txt for the split %s"
                .formatted(root, split.names().get(0), split.lowerName()));
    }

    @Override
    public long size() {
        return list == null ? new FileTree(annotations.root()).count() : UNKNOWN_SIZE;
    }

    @Override
    Pass begin() throws IOException {
        Utf8Lines lines = list == null ? null : new Utf8Lines(list);
        Iterator<FileTree.Entry> files = new FileTree(annotations.root()).iterator();
        return new Pass() {
            private final Deque<Candidate> ready = new ArrayDeque<>();

            @Override
            @Nullable
            Candidate read() throws IOException {
                while (ready.isEmpty()) {
                    String id = lines == null ? name(files) : id(lines);
                    if (id == null) {
                        return null;
                    }
                    ready.addAll(judge(id));
                }
                return ready.remove();
            }

            @Override
            public void close() throws IOException {
                if (lines != null) {
                    lines.close();
                }
            }
        };
    }

    private static @Nullable String name(Iterator<FileTree.Entry> files) {
        while (files.hasNext()) {
            String path = files.next().path();
            if (path.endsWith(".xml")) {
                return path.substring(0, path.length() - ".xml".length());
            }
        }
        return null;
    }

    /** The lists of single classes have a second column, which says whether the class is present. */
    private static @Nullable String id(Utf8Lines lines) throws IOException {
        String line = lines.next();
        while (line != null && line.isBlank()) {
            line = lines.next();
        }
        return line == null ? null : line.strip().split("\\s+", 2)[0];
    }

    private List<Candidate> judge(String id) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        try {
            VocAnnotation annotation = VocAnnotation.read(xml(annotations.resolve(id + ".xml")));
            EncodedImage image = EncodedImage.read(file(id, annotation));
            Map<Integer, Integer> boxOfObject = new HashMap<>();
            List<Box> boxes = boxes(id, annotation, image, boxOfObject, candidates);
            ExampleBuilder example = naming.example(id, image.bytes()).boxes(boxes);
            example.masks(masks(id, image, boxOfObject));
            candidates.add(0, new Candidate.Accepted(example.build()));
        } catch (UnsafePathException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            candidates.clear();
            candidates.add(Candidate.Rejected.of(id, e));
        }
        return candidates;
    }

    /** The image of the annotation's own name; what the annotation says may be of another machine. */
    private Path file(String id, VocAnnotation annotation) {
        for (String extension : List.of(".jpg", ".jpeg", ".png", ".JPG")) {
            Path file = images.resolve(id + extension);
            if (Files.exists(file)) {
                return file;
            }
        }
        return images.resolve(annotation.fileName().isEmpty() ? id + ".jpg" : annotation.fileName());
    }

    private static byte[] xml(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FaultyItemException(Fault.MISSING_FILE, "has no annotation file");
        }
        try (InputStream input = Files.newInputStream(file)) {
            byte[] bytes = ByteStreams.limit(input, MAX_XML_BYTES + 1L).readAllBytes();
            if (bytes.length > MAX_XML_BYTES) {
                throw new IllegalArgumentException("has an annotation file of more than " + MAX_XML_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private static List<Box> boxes(
            String id,
            VocAnnotation annotation,
            EncodedImage image,
            Map<Integer, Integer> boxOfObject,
            List<Candidate> rejected) {
        BoxRule rule = new BoxRule(image);
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < annotation.objects().size(); i++) {
            VocAnnotation.Item object = annotation.objects().get(i);
            try {
                if (object.name().isEmpty()) {
                    throw new IllegalArgumentException("an object without a name");
                }
                boxes.add(rule.box(
                        object.corner(0) - 1,
                        object.corner(1) - 1,
                        object.corner(2),
                        object.corner(3),
                        object.name(),
                        object.difficult()));
                boxOfObject.put(i + 1, boxes.size() - 1);
            } catch (IllegalArgumentException e) {
                rejected.add(Candidate.Rejected.of(id + " object " + (i + 1), e));
            }
        }
        return boxes;
    }

    private List<Mask> masks(String id, EncodedImage image, Map<Integer, Integer> boxOfObject) throws IOException {
        Path classMap = root.resolve("SegmentationClass").resolve(id + ".png");
        if (!Files.exists(classMap)) {
            return List.of();
        }
        IndexedPng classOf = map(classMap, image);
        Path objectMap = root.resolve("SegmentationObject").resolve(id + ".png");
        boolean instances = Files.exists(objectMap);
        List<Mask> masks = new ArrayList<>();
        for (Map.Entry<Integer, BitSet> region :
                (instances ? map(objectMap, image) : classOf).regions().entrySet()) {
            int number = region.getKey();
            if (number == 0) {
                continue;
            }
            int first = region.getValue().nextSetBit(0);
            int index = number == VOID_INDEX ? VOID_INDEX : classOf.at(first / image.height(), first % image.height());
            masks.add(Mask.RunLengths.of(
                    image.height(),
                    image.width(),
                    region.getValue(),
                    className(index),
                    instances ? boxOfObject.get(number) : null));
        }
        return masks;
    }

    private IndexedPng map(Path file, EncodedImage image) throws IOException {
        try {
            IndexedPng map = IndexedPng.read(file);
            map.requireSize(image);
            return map;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its map %s: %s".formatted(root.relativize(file), e.getMessage()), e);
        }
    }

    private String className(int index) {
        if (index == VOID_INDEX) {
            return VOID;
        }
        if (index >= classes.size()) {
            throw new FaultyItemException(
                    Fault.UNKNOWN_CLASS,
                    "its map has class %d, which is out of range: there are %d".formatted(index, classes.size()));
        }
        return classes.get(index);
    }
}
