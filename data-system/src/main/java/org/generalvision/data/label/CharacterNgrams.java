package org.generalvision.data.label;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.generalvision.data.example.Embedder;
import org.generalvision.data.example.Example;

/**
 * Texts as bags of the groups of three and four letters in their words, each word with its ends marked, hashed with signs into
 * {@value #WIDTH} numbers (Weinberger et al., arXiv:0902.2206). It knows no meaning, but needs no checkpoint, and finds
 * names that are spelled or built alike. Images are not its matter.
 */
public final class CharacterNgrams implements Embedder {
    private static final int WIDTH = 256;
    private static final int SHORTEST = 3;
    private static final int LONGEST = 4;
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    @Override
    public String name() {
        return "character-ngrams-%d-%d-%d".formatted(SHORTEST, LONGEST, WIDTH);
    }

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public float[][] images(List<Example> examples) {
        throw new IllegalArgumentException(name() + " embeds texts only: name a checkpoint to embed images");
    }

    @Override
    public float[][] texts(List<String> texts) {
        return texts.stream().map(CharacterNgrams::embed).toArray(float[][]::new);
    }

    private static float[] embed(String text) {
        float[] vector = new float[WIDTH];
        String key = new String(NameKey.of(text), StandardCharsets.UTF_8);
        NO_WORD.splitAsStream(key).filter(word -> !word.isEmpty()).forEach(word -> addWord("^" + word + "$", vector));
        double square = 0;
        for (float value : vector) {
            square += value * value;
        }
        if (square == 0) {
            vector[0] = 1; // A text without letters, or one whose groups cancel out, is like no other.
            return vector;
        }
        float scale = (float) (1 / Math.sqrt(square));
        for (int i = 0; i < WIDTH; i++) {
            vector[i] *= scale;
        }
        return vector;
    }

    private static void addWord(String word, float[] vector) {
        for (int length = SHORTEST; length <= LONGEST; length++) {
            for (int begin = 0; begin + length <= word.length(); begin++) {
                int hash = 0;
                for (int i = begin; i < begin + length; i++) {
                    hash = 31 * hash + word.charAt(i);
                }
                hash *= 0x9e3779b9;
                hash ^= hash >>> 15;
                hash *= 0x85ebca6b;
                vector[hash >>> 24] += (hash & 1) == 0 ? 1 : -1;
            }
        }
    }

    @Override
    public void close() {}
}
