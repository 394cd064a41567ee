package org.generalvision.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final List<String> CAPTIONS = List.of(
            "a red cat sits on the red mat",
            "the cat and the hat",
            "low lower lowest new newer newest",
            "the caf\u00e9 and the cat");
    // Twice, so that every pair counts.
    private static final BpeVocabulary VOCABULARY =
            BpeTrainer.train(Stream.concat(CAPTIONS.stream(), CAPTIONS.stream()), 540);
    private static final Tokenizer TOKENIZER = Tokenizer.of(VOCABULARY.toJson());

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    @Test
    void specialTokensAreTheLastIds() {
        assertThat(TOKENIZER.vocabularySize()).isEqualTo(540);
        assertThat(TOKENIZER.maskId()).isEqualTo(537);
        assertThat(TOKENIZER.sotId()).isEqualTo(538);
        assertThat(TOKENIZER.eotId()).isEqualTo(539);
    }

    /** Merges in their order, word by word, as Sennrich et al. define encoding. */
    private static List<Long> reference(String text) {
        List<Long> ids = new ArrayList<>();
        BpeVocabulary.words(text).forEach(word -> {
            List<String> symbols = new ArrayList<>(ByteAlphabet.spell(word));
            symbols.add(symbols.remove(symbols.size() - 1) + "</w>");
            for (BpeVocabulary.Merge merge : VOCABULARY.merges()) {
                for (int i = 0; i + 1 < symbols.size(); i++) {
                    if (symbols.get(i).equals(merge.left())
                            && symbols.get(i + 1).equals(merge.right())) {
                        symbols.set(i, merge.left() + merge.right());
                        symbols.remove(i + 1);
                    }
                }
            }
            symbols.forEach(symbol -> ids.add((long) VOCABULARY.tokens().indexOf(symbol)));
        });
        return ids;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the red cat",
                "The RED Cat's newest hat!",
                "caf\u00e9  12 lowest\t\nthings",
                "\u732b and \ud83d\ude00 emoji",
                "x",
                "...",
                "it's we're they'll"
            })
    void encodesAsTheVocabularySays(String text) {
        long[] ids = TOKENIZER.encode(text, 77);
        List<Long> expected = new ArrayList<>(reference(text));
        expected.add(0, TOKENIZER.sotId());
        expected.add(TOKENIZER.eotId());
        while (expected.size() < 77) {
            expected.add(0L);
        }
        assertThat(ids).containsExactly(expected.toArray(Long[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "The RED  cat, the red cat ,",
        "caf\u00e9 Ol\u00c9, caf\u00e9 ol\u00e9",
        "\u732b \ud83d\ude00, \u732b \ud83d\ude00",
        "a, a",
        "'', ''",
    })
    void decodeGivesBackTheNormalizedText(String text, String expected) {
        String normalized = String.join(" ", BpeVocabulary.words(text).toList());
        assertThat(TOKENIZER.decode(TOKENIZER.encode(text, 40))).isEqualTo(normalized);
        assertThat(TOKENIZER.decode(TOKENIZER.encode(normalized, 40))).isEqualTo(normalized);
        assertThat(normalized).isEqualTo(expected.strip());
    }

    @Test
    void tooLongTextIsCutButKeepsItsEnd() {
        long[] ids = TOKENIZER.encode("the cat ".repeat(50), 9);
        assertThat(ids).hasSize(9).startsWith(TOKENIZER.sotId()).endsWith(TOKENIZER.eotId());
        assertThat(TOKENIZER.decode(ids)).isEqualTo("the cat the cat the cat the");
        assertThat(TOKENIZER.encode("", 3)).containsExactly(TOKENIZER.sotId(), TOKENIZER.eotId(), 0);
        assertThat(TOKENIZER.encode("the cat", 3)[2]).isEqualTo(TOKENIZER.eotId());
    }

    @Test
    void specialTokensWrittenInATextDoNotGetIn() {
        long[] ids = TOKENIZER.encode("the <|endoftext|> cat <|mask|><|startoftext|>", 20);
        assertThat(LongStream.of(ids).filter(id -> id >= TOKENIZER.maskId()))
                .containsExactly(TOKENIZER.sotId(), TOKENIZER.eotId());
        assertThat(TOKENIZER.decode(ids)).isEqualTo("the cat");
    }

    @Test
    void hostileLengthIsBounded() {
        assertThat(TOKENIZER.encode("x".repeat(50_000_000), 16)[15]).isEqualTo(TOKENIZER.eotId());
    }

    @Test
    void fileLoadsInTheLibraryItselfAndDecodesThere() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), VOCABULARY.toJson());
        try (HuggingFaceTokenizer library = HuggingFaceTokenizer.newInstance(
                        file, Map.of("addSpecialTokens", "true", "truncation", "false", "padding", "false"));
                Tokenizer tokenizer = Tokenizer.open(file)) {
            long[] framed = library.encode("The red caf\u00e9").getIds();
            assertThat(framed).isEqualTo(Arrays.copyOf(tokenizer.encode("The red caf\u00e9", 77), framed.length));
            assertThat(library.decode(framed, true).strip()).isEqualTo("the red caf\u00e9");
        }
    }

    @Test
    void severalThreadsEncodeAtOnce() {
        List<long[]> results = IntStream.range(0, 400)
                .parallel()
                .mapToObj(i -> TOKENIZER.encode("the newest cat " + i % 4, 20))
                .toList();
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i)).containsExactly(TOKENIZER.encode("the newest cat " + i % 4, 20));
        }
    }

    @Test
    void wrongFilesAreRefused() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.of("{"))
                .withMessageContaining("Not a tokenizer.json");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.of("{}"))
                .withMessageContaining("must have a vocabulary");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.of("{\"model\":{\"vocab\":{\"a\":0,\"b\":7}}}"))
                .withMessageContaining("Token ids must be 0 to 1, each once: b has 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.of("{\"model\":{\"vocab\":{\"a\":0,\"b\":1}}}"))
                .withMessageContaining("must have the token <|mask|>");
        String swapped = VOCABULARY
                .toJson()
                .replace("<|mask|>", "<|x|>")
                .replace("<|endoftext|>", "<|mask|>")
                .replace("<|x|>", "<|endoftext|>");
        Path file = Files.writeString(folder.resolve("tokenizer.json"), swapped);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.open(file))
                .withMessageContaining(
                        "tokenizer.json: A tokenizer.json must end with <|mask|>, <|startoftext|>, <|endoftext|>");
        String broken = VOCABULARY.toJson().replace("\"BPE\"", "\"NoSuchModel\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.of(broken))
                .withMessageContaining("tokenizer.json");
    }
}
