package org.generalvision.data.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.generalvision.data.example.Fault;
import org.jspecify.annotations.Nullable;

/** Makes an example of what several annotation files say about one image. */
final class CocoImage {
    static final byte IMAGE = 'i';
    static final byte ANNOTATION = 'a';

    private static final int HEADER_BYTES = 2 + Long.BYTES;

    private final List<CocoFile> files;
    private final SafeFolder images;
    private final Naming naming;
    private final Set<Long> repeated;

    /**
     * A judge of all images.
     *
     * @param repeated numbers of the annotations whose id an earlier one has
     */
    CocoImage(List<CocoFile> files, SafeFolder images, Naming naming, Set<Long> repeated) {
        this.files = files;
        this.images = images;
        this.naming = naming;
        this.repeated = repeated;
    }

    /** An element with what is needed to understand it later. */
    static byte[] record(byte kind, int file, long number, byte[] json) {
        return ByteBuffer.allocate(HEADER_BYTES + json.length)
                .put(kind)
                .put((byte) file)
                .putLong(number)
                .put(json)
                .array();
    }

    private record Element(byte kind, CocoFile file, long number, JsonNode json) {
        String id() {
            return json.path("id").asText();
        }
    }

    private Element element(byte[] record) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(record);
        byte kind = buffer.get();
        CocoFile file = files.get(buffer.get());
        long number = buffer.getLong();
        byte[] json = new byte[buffer.remaining()];
        buffer.get(json);
        return new Element(kind, file, number, CocoFile.tree(json));
    }

    /** The image, if it can be used, and whatever is rejected. */
    List<Candidate> judge(GroupedRecords.Group group) throws IOException {
        List<Element> elements = new ArrayList<>();
        for (byte[] record : group.values()) {
            elements.add(element(record));
        }
        List<Candidate> candidates = new ArrayList<>();
        Element image = image(elements, candidates);
        if (image == null) {
            elements.forEach(element -> candidates.add(new Candidate.Rejected(
                    "annotation " + element.id(),
                    "refers to image %s, which is not in the file"
                            .formatted(element.json().path("image_id").asText()),
                    Fault.MISSING_FILE)));
            return candidates;
        }
        String path = path(image);
        try {
            candidates.add(0, accepted(path, image, elements, candidates));
        } catch (UnsafePathException e) {
            throw new UnsafePathException(
                    "Image %s of %s: %s".formatted(image.id(), image.file().file(), e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            candidates.clear();
            candidates.add(Candidate.Rejected.of(path, e));
        }
        return candidates;
    }

    /** The first entry of the image; a second one in the same file is rejected. */
    private static @Nullable Element image(List<Element> elements, List<Candidate> candidates) {
        Element first = null;
        Set<CocoFile> seen = new LinkedHashSet<>();
        for (Element element : elements) {
            if (element.kind() == IMAGE) {
                if (!seen.add(element.file())) {
                    candidates.add(new Candidate.Rejected(
                            "image " + element.id(), "has the id of an earlier image", Fault.DUPLICATE_ID));
                }
                first = first == null ? element : first;
            }
        }
        return first;
    }

    private static String path(Element image) {
        String name = image.json().path("file_name").asText();
        if (!name.isEmpty()) {
            return name;
        }
        // LVIS names only the address: the last two parts are the folder of the split and the file.
        String[] parts = image.json().path("coco_url").asText().split("/", -1);
        return parts.length < 2 ? "" : parts[parts.length - 2] + "/" + parts[parts.length - 1];
    }

    private Candidate accepted(String path, Element image, List<Element> elements, List<Candidate> rejected)
            throws IOException {
        EncodedImage encoded = EncodedImage.read(images.find(path));
        requireSize(image.json(), encoded);
        CocoAnnotations found = new CocoAnnotations(encoded);
        for (Element element : elements) {
            if (element.kind() == ANNOTATION) {
                try {
                    if (repeated.contains(element.number())) {
                        throw new FaultyItemException(Fault.DUPLICATE_ID, "has the id of an earlier annotation");
                    }
                    found.add(element.file(), element.json());
                } catch (IllegalArgumentException e) {
                    rejected.add(Candidate.Rejected.of(path + " annotation " + element.id(), e));
                }
            }
        }
        found.addExhaustiveness(image.file(), image.json());
        String licence =
                image.file().licence(CocoFile.key(image.json().path("license").asText()));
        return new Candidate.Accepted(found.describe(
                (licence == null ? naming : naming.withLicence(licence)).example(path, encoded.bytes())));
    }

    private static void requireSize(JsonNode image, EncodedImage encoded) {
        int width = image.path("width").asInt(encoded.width());
        int height = image.path("height").asInt(encoded.height());
        if (width != encoded.width() || height != encoded.height()) {
            throw new FaultyItemException(
                    Fault.IMAGE_SIZE,
                    "has %d x %d pixels (width x height), but its annotations are for %d x %d"
                            .formatted(encoded.width(), encoded.height(), width, height));
        }
    }
}
