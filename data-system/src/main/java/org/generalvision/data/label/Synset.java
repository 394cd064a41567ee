package org.generalvision.data.label;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One line of WordNet's {@code data.noun} or {@code data.adj}, in the format of the manual page wndb(5WN).
 *
 * @param offset byte offset in its file, eight digits, the synset's identifier within its part of speech
 * @param file number of the lexicographer file
 * @param type {@code n} noun, {@code a} adjective, {@code s} adjective satellite
 * @param words the words, first the one that names the synset best
 * @param pointers relations to synsets
 * @param gloss definition and examples
 */
record Synset(String offset, int file, char type, List<Word> words, List<Pointer> pointers, String gloss) {
    private static final Pattern OFFSET = Pattern.compile("\\d{8}");
    /** Where an adjective may stand: before its noun, after it, as predicate. */
    private static final Pattern POSITION = Pattern.compile("\\((a|p|ip)\\)$");

    private static final int MAX_LINE = 1 << 17;
    private static final int POINTER_FIELDS = 4;

    /**
     * A word with what tells its senses apart within the lexicographer file.
     *
     * @param text words separated by blanks
     */
    record Word(String text, int lexicalId) {}

    /** A relation to a synset of a part of speech ({@code n}, {@code v}, {@code a}, {@code s}, {@code r}). */
    record Pointer(String symbol, String offset, char partOfSpeech) {}

    /** Where a relation leads to in a part of speech, each synset once. */
    List<String> targets(String symbol, char partOfSpeech) {
        return pointers.stream()
                .filter(p -> p.symbol().equals(symbol) && p.partOfSpeech() == partOfSpeech)
                .map(Pointer::offset)
                .distinct()
                .toList();
    }

    /**
     * Reads all synsets of a data file; its licence, lines that begin with two blanks, is passed over.
     *
     * @throws IllegalArgumentException if a line is no synset; it names file and line
     */
    static List<Synset> readAll(Path file) {
        List<Synset> synsets = new ArrayList<>();
        int number = 0;
        for (String line : TextFile.read(file).lines().toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("  ")) {
                continue;
            }
            try {
                synsets.add(parse(line));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException(
                        "%s, line %d is not a synset (%s): '%s'"
                                .formatted(
                                        file, number, e.getMessage(), line.substring(0, Math.min(60, line.length()))),
                        e);
            }
        }
        if (synsets.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no synset");
        }
        return synsets;
    }

    static Synset parse(String line) {
        int bar = line.indexOf(" | ");
        if (bar < 0 || line.length() > MAX_LINE) {
            throw new IllegalArgumentException("no gloss, or more than %d characters".formatted(MAX_LINE));
        }
        Fields fields = new Fields(line.substring(0, bar).split(" ", -1));
        String offset = fields.offset();
        int file = Integer.parseInt(fields.next());
        char type = fields.letter("nas");
        List<Word> words = new ArrayList<>();
        for (int left = Integer.parseInt(fields.next(), 16); left > 0; left--) {
            String text = POSITION.matcher(fields.next()).replaceFirst("").replace('_', ' ');
            words.add(new Word(text, Integer.parseInt(fields.next(), 16)));
        }
        int numPointers = Integer.parseInt(fields.next());
        if (words.isEmpty() || numPointers < 0 || numPointers * POINTER_FIELDS > fields.left()) {
            throw new IllegalArgumentException("no word, or fewer pointers than it says");
        }
        List<Pointer> pointers = new ArrayList<>();
        for (int i = 0; i < numPointers; i++) {
            pointers.add(new Pointer(fields.next(), fields.offset(), fields.letter("nvasr")));
            fields.next(); // which words it relates; all relations that are read here relate synsets
        }
        return new Synset(
                offset, file, type, words, pointers, line.substring(bar + 3).strip());
    }

    /** Fields from left to right. */
    private static final class Fields {
        private final String[] fields;
        private int next;

        Fields(String[] fields) {
            this.fields = fields;
        }

        String next() {
            return fields[next++];
        }

        int left() {
            return fields.length - next;
        }

        String offset() {
            String offset = next();
            if (!OFFSET.matcher(offset).matches()) {
                throw new IllegalArgumentException("'" + offset + "' is no offset of eight digits");
            }
            return offset;
        }

        char letter(String known) {
            String letter = next();
            if (letter.length() != 1 || known.indexOf(letter.charAt(0)) < 0) {
                throw new IllegalArgumentException("'%s' is none of the letters %s".formatted(letter, known));
            }
            return letter.charAt(0);
        }
    }
}
