package org.generalvision.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Images with annotations in COCO's format: boxes, masks and captions, of one file or several about the same images.
 * Objects365 and LVIS use the same format. The annotations of an image may stand anywhere, so all of them are first brought
 * together by image, in memory that does not grow with their number. Images come in the order of their ids.
 *
 * <p>An annotation that cannot be used is rejected by itself, its image is kept. Masks of regions without instances (a file
 * named stuff, or categories with {@code isthing} 0) have no box. What LVIS knows to be absent becomes absent labels, and a
 * category that it did not annotate exhaustively becomes a crowd box of the whole image: what is found there beyond the
 * annotated instances is neither right nor wrong, as in its evaluation.
 */
final class CocoSource extends StreamingSource {
    private static final int MAX_REPEATED = 1 << 20;

    private final List<Path> annotations;
    private final SafeFolder images;
    private final Naming naming;

    /**
     * Annotation files and their images.
     *
     * @param annotations files about the same images
     * @param images folder from which the paths go; where a path is not found there, it is looked for without its first
     *     folders, which name where the publisher kept the images
     */
    CocoSource(List<Path> annotations, Path images, Naming naming) {
        this.annotations = List.copyOf(annotations);
        this.images = new SafeFolder(images);
        this.naming = naming;
    }

    @Override
    Pass begin() throws IOException {
        GroupedRecords records = new GroupedRecords();
        try {
            List<CocoFile> files = annotations.stream().map(CocoFile::new).toList();
            Set<Long> repeated = new HashSet<>();
            for (int i = 0; i < files.size(); i++) {
                repeated.addAll(read(files.get(i), i, records));
            }
            return new Images(records, new CocoImage(files, images, naming, repeated));
        } catch (IOException | RuntimeException e) {
            records.close();
            throw e;
        }
    }

    /** Hands on all elements, and returns the numbers of the annotations whose id an earlier one has. */
    private static Set<Long> read(CocoFile file, int index, GroupedRecords records) throws IOException {
        Set<Long> repeated = new HashSet<>();
        try (GroupedRecords ids = new GroupedRecords()) {
            file.read(new CocoFile.Receiver() {
                private long number = (long) index << 48;

                @Override
                public void image(String id, byte[] json) throws IOException {
                    records.add(id, CocoImage.record(CocoImage.IMAGE, index, number++, json));
                }

                @Override
                public void annotation(String id, String imageId, byte[] json) throws IOException {
                    ids.add(id, ByteBuffer.allocate(Long.BYTES).putLong(number).array());
                    records.add(imageId, CocoImage.record(CocoImage.ANNOTATION, index, number++, json));
                }
            });
            for (GroupedRecords.Group group = ids.next(); group != null; group = ids.next()) {
                group.values().stream()
                        .skip(1)
                        .forEach(value -> repeated.add(ByteBuffer.wrap(value).getLong()));
                if (repeated.size() > MAX_REPEATED) {
                    throw new IllegalArgumentException("More than %d annotations of %s have the id of another"
                            .formatted(MAX_REPEATED, file.file()));
                }
            }
        }
        return repeated;
    }

    private static final class Images extends Pass {
        private final GroupedRecords records;
        private final CocoImage image;
        private final Deque<Candidate> ready = new ArrayDeque<>();

        Images(GroupedRecords records, CocoImage image) {
            this.records = records;
            this.image = image;
        }

        @Override
        @Nullable
        Candidate read() throws IOException {
            while (ready.isEmpty()) {
                GroupedRecords.Group group = records.next();
                if (group == null) {
                    return null;
                }
                ready.addAll(image.judge(group));
            }
            return ready.remove();
        }

        @Override
        public void close() throws IOException {
            records.close();
        }
    }
}
