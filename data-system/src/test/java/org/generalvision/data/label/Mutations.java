package org.generalvision.data.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Seeded changes to a text, for parsers that must read it or refuse it with a reason. */
final class Mutations {
    private static final byte[] TELLING = "{}[]\",:|\\ \n\t0 \u00e9".getBytes(StandardCharsets.UTF_8);

    private Mutations() {}

    /** Changes, doubles or cuts a few bytes. */
    static byte[] of(String text, RandomGenerator random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int k = random.nextInt(4); k >= 0 && bytes.length > 1; k--) {
            int place = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[place] = (byte) random.nextInt(256);
                case 1 -> bytes[place] = TELLING[random.nextInt(TELLING.length)];
                case 2 -> bytes = cut(bytes, place, place + random.nextInt(bytes.length - place) / 4 + 1);
                default -> bytes = doubled(bytes, place, random.nextInt(bytes.length - place) / 4 + 1);
            }
        }
        return bytes;
    }

    private static byte[] cut(byte[] bytes, int begin, int end) {
        byte[] left = Arrays.copyOf(bytes, bytes.length - (end - begin));
        System.arraycopy(bytes, end, left, begin, bytes.length - end);
        return left;
    }

    private static byte[] doubled(byte[] bytes, int begin, int length) {
        byte[] more = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, begin, more, begin + length, bytes.length - begin);
        return more;
    }

    /** Lets nothing through but a refusal. */
    static void readOrRefuse(Runnable reader, int mutation) {
        assertThatCode(() -> {
                    try {
                        reader.run();
                    } catch (IllegalArgumentException refused) {
                        assertThat(refused).hasMessageMatching("(?s).{10,}");
                    }
                })
                .as("mutation %d", mutation)
                .doesNotThrowAnyException();
    }
}
