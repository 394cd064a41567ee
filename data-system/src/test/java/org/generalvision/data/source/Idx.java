package org.generalvision.data.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files from their public description. */
final class Idx {
    private Idx() {}

    static byte[] file(int type, int[] shape, byte[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * shape.length + values.length);
        buffer.put((byte) 0).put((byte) 0).put((byte) type).put((byte) shape.length);
        for (int size : shape) {
            buffer.putInt(size);
        }
        return buffer.put(values).array();
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(output)) {
            zip.write(bytes);
        }
        return output.toByteArray();
    }

    /** A collection whose image i is 2 x 3 pixels of value i, labelled i modulo the classes. */
    static void collection(Path folder, String prefix, int count, int classes) throws IOException {
        byte[] images = new byte[count * 6];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            for (int pixel = 0; pixel < 6; pixel++) {
                images[6 * i + pixel] = (byte) i;
            }
            labels[i] = (byte) (i % classes);
        }
        Files.write(folder.resolve(prefix + "-images-idx3-ubyte"), file(8, new int[] {count, 2, 3}, images));
        Files.write(folder.resolve(prefix + "-labels-idx1-ubyte.gz"), gzip(file(8, new int[] {count}, labels)));
    }
}
