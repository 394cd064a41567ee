package org.generalvision.data.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One printable character for each byte, so that any text can be cut into tokens that are themselves text, and there are no
 * unknown characters (Radford et al., Language models are unsupervised multitask learners, 2019, section 2.2). Printable bytes
 * stand for themselves, the others for the characters from U+0100 on.
 */
final class ByteAlphabet {
    private static final String[] CHARACTERS = new String[256];
    private static final Map<Character, Byte> BYTES = new HashMap<>();
    private static final List<String> IN_ORDER;

    static {
        int next = 256;
        for (int value = 0; value < 256; value++) {
            char character = (char) (isPrintable(value) ? value : next++);
            CHARACTERS[value] = String.valueOf(character);
            BYTES.put(character, (byte) value);
        }
        // CLIP's order: first the bytes that stand for themselves, then the others.
        IN_ORDER = Stream.concat(
                        IntStream.range(0, 256)
                                .filter(ByteAlphabet::isPrintable)
                                .boxed(),
                        IntStream.range(0, 256).filter(b -> !isPrintable(b)).boxed())
                .map(value -> CHARACTERS[value])
                .collect(Collectors.toUnmodifiableList());
    }

    private ByteAlphabet() {}

    private static boolean isPrintable(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
    }

    /** All characters, in the order of their ids. */
    static List<String> inOrder() {
        return IN_ORDER;
    }

    /** The characters of the text's UTF-8 bytes. */
    static List<String> spell(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length)
                .mapToObj(i -> CHARACTERS[bytes[i] & 0xFF])
                .toList();
    }

    /** The text whose bytes are spelled; characters that are not of the alphabet are left out. */
    static String read(String spelled) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < spelled.length(); i++) {
            Byte value = BYTES.get(spelled.charAt(i));
            if (value != null) {
                bytes.write(value);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
