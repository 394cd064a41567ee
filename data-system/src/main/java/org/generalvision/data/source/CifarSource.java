package org.generalvision.data.source;

import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.data.example.Fault;
import org.jspecify.annotations.Nullable;

/**
 * CIFAR-10 and CIFAR-100 in the binary edition of Krizhevsky's page: records of one label byte, or of a coarse and a fine
 * one, followed by 1024 bytes each of red, green and blue, row by row. CIFAR-100 is labelled by its fine classes.
 */
final class CifarSource extends StreamingSource {
    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;

    private final List<Path> files;
    private final int labelBytes;
    private final List<String> names;
    private final Naming naming;
    private final PngEncoder encoder = new PngEncoder();

    /**
     * Finds the files of a split and checks their sizes.
     *
     * @param folder {@code cifar-10-batches-bin} or {@code cifar-100-binary}
     * @param split train or test
     * @param naming its class names, if it has any, go before those of the folder
     */
    CifarSource(Path folder, Split split, Naming naming) {
        if (split == Split.VALIDATION) {
            throw new IllegalArgumentException("CIFAR has the splits train and test, no validation; name one of them");
        }
        boolean hundred = Files.isRegularFile(folder.resolve(split.lowerName() + ".bin"));
        labelBytes = hundred ? 2 : 1;
        files = hundred ? List.of(folder.resolve(split.lowerName() + ".bin")) : ten(folder, split);
        names = naming.classes().isEmpty() ? names(folder, hundred) : naming.classes();
        this.naming = naming;
        for (Path file : files) {
            requireWhole(file);
        }
    }

    private static List<Path> ten(Path folder, Split split) {
        return split == Split.TEST
                ? List.of(folder.resolve("test_batch.bin"))
                : IntStream.rangeClosed(1, 5)
                        .mapToObj(i -> folder.resolve("data_batch_" + i + ".bin"))
                        .toList();
    }

    private static List<String> names(Path folder, boolean hundred) {
        Path file = folder.resolve(hundred ? "fine_label_names.txt" : "batches.meta.txt");
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("No " + file + ", which names the classes; or name them with --classes");
        }
        return Naming.readClasses(file);
    }

    private void requireWhole(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("No " + file + ": name the folder of CIFAR's binary edition, which holds"
                    + " data_batch_1.bin to data_batch_5.bin and test_batch.bin, or train.bin and test.bin");
        }
        long bytes = bytes(file);
        if (bytes == 0 || bytes % recordBytes() != 0) {
            throw new IllegalArgumentException("%s has %d bytes, which is no multiple of a record's %d: get it again"
                    .formatted(file, bytes, recordBytes()));
        }
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("Cannot read " + file, e);
        }
    }

    private int recordBytes() {
        return labelBytes + 3 * PLANE;
    }

    @Override
    public long size() {
        return files.stream().mapToLong(file -> bytes(file) / recordBytes()).sum();
    }

    @Override
    Pass begin() {
        return new Pass() {
            private int nextFile;
            private long index;
            private @Nullable InputStream input;

            @Override
            @Nullable
            Candidate read() throws IOException {
                byte[] bytes = input == null ? new byte[0] : input.readNBytes(recordBytes());
                while (bytes.length == 0 && nextFile < files.size()) {
                    close();
                    index = 0;
                    input = new BufferedInputStream(Files.newInputStream(files.get(nextFile++)), 1 << 16);
                    bytes = input.readNBytes(recordBytes());
                }
                return bytes.length == 0 ? null : candidate(files.get(nextFile - 1), index++, bytes);
            }

            @Override
            public void close() throws IOException {
                if (input != null) {
                    input.close();
                }
            }
        };
    }

    private Candidate candidate(Path file, long index, byte[] bytes) {
        String id = "%s/%05d".formatted(file.getFileName().toString().replace(".bin", ""), index);
        if (bytes.length < recordBytes()) {
            throw new IllegalArgumentException(file + " became shorter while it was read: build again");
        }
        int label = bytes[labelBytes - 1] & 0xFF;
        if (label >= names.size()) {
            return new Candidate.Rejected(
                    id,
                    "class %d is out of range: there are %d class names".formatted(label, names.size()),
                    Fault.UNKNOWN_CLASS);
        }
        return new Candidate.Accepted(naming.example(id, encoder.encode(image(bytes)))
                .labels(List.of(names.get(label)))
                .build());
    }

    private BufferedImage image(byte[] bytes) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < PLANE; i++) {
            int red = bytes[labelBytes + i] & 0xFF;
            int green = bytes[labelBytes + PLANE + i] & 0xFF;
            int blue = bytes[labelBytes + 2 * PLANE + i] & 0xFF;
            image.setRGB(i % SIDE, i / SIDE, red << 16 | green << 8 | blue);
        }
        return image;
    }
}
