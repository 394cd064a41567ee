package org.generalvision.data.source;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes tar archives from the POSIX.1-1988 (ustar) description. */
final class Tar {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Tar file(String name, byte[] content) {
        return entry(name, '0', "", content);
    }

    Tar file(String name, String content) {
        return file(name, Bytes.text(content));
    }

    /** An entry of any type: 1 hard link, 2 symbolic link, 3 device, 5 folder, 6 pipe. */
    Tar entry(String name, char type, String target, byte[] content) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, "%011o\0".formatted(content.length));
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 157, target);
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xFF;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        bytes.writeBytes(header);
        bytes.writeBytes(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
        return this;
    }

    /** The archive up to here, without its end. */
    byte[] open() {
        return bytes.toByteArray();
    }

    /** The archive with its two blocks of zeros, filled up to a record of 10240 bytes. */
    byte[] closed() {
        int size = (bytes.size() + 2 * BLOCK + 20 * BLOCK - 1) / (20 * BLOCK) * (20 * BLOCK);
        return Arrays.copyOf(bytes.toByteArray(), size);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(ascii, 0, header, at, ascii.length);
    }
}
