package org.generalvision.data.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;

/**
 * Text to token ids and back, by a {@code tokenizer.json} such as {@link BpeVocabulary#toJson} writes. Encoding is done by the
 * HuggingFace tokenizers library through DJL, which unpacks its native part into the folder {@code tokenizers} below the system
 * property or environment variable {@code ENGINE_CACHE_DIR}, else {@code DJL_CACHE_DIR}, else {@code ~/.djl.ai}; it needs no
 * network. Safe for use by several threads.
 */
public final class Tokenizer implements AutoCloseable {
    /** Longer texts are cut before encoding: no context holds them, and hostile ones must not cost minutes. */
    static final int MAX_CHARACTERS = 10_000;

    private static final int MAX_VOCABULARY = 1 << 22;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String json;
    private final String[] tokens;
    private final HuggingFaceTokenizer encoder;
    private final long maskId;
    private final long sotId;
    private final long eotId;

    private Tokenizer(String json, String[] tokens) {
        this.json = json;
        this.tokens = tokens;
        this.maskId = idOf(BpeVocabulary.MASK, tokens);
        this.sotId = idOf(BpeVocabulary.START_OF_TEXT, tokens);
        this.eotId = idOf(BpeVocabulary.END_OF_TEXT, tokens);
        if (maskId != tokens.length - 3 || sotId != tokens.length - 2 || eotId != tokens.length - 1) {
            throw new IllegalArgumentException(
                    "A tokenizer.json must end with %s, %s, %s: of %d tokens they have the ids %d, %d, %d"
                            .formatted(
                                    BpeVocabulary.MASK,
                                    BpeVocabulary.START_OF_TEXT,
                                    BpeVocabulary.END_OF_TEXT,
                                    tokens.length,
                                    maskId,
                                    sotId,
                                    eotId));
        }
        this.encoder = encoder(json);
    }

    /**
     * Opens a {@code tokenizer.json}.
     *
     * @throws IllegalArgumentException if it is not one, or its special tokens are not the last ids
     */
    public static Tokenizer open(Path file) {
        try {
            return of(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tokenizer of the text of a {@code tokenizer.json}. */
    public static Tokenizer of(String json) {
        return new Tokenizer(json, tokens(json));
    }

    private static String[] tokens(String json) {
        JsonNode vocabulary;
        try {
            vocabulary = JSON.readTree(json).path("model").path("vocab");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a tokenizer.json: " + e.getOriginalMessage(), e);
        }
        if (!vocabulary.isObject() || vocabulary.isEmpty() || vocabulary.size() > MAX_VOCABULARY) {
            throw new IllegalArgumentException(
                    "A tokenizer.json must have a vocabulary of 1 to %d tokens at model.vocab"
                            .formatted(MAX_VOCABULARY));
        }
        // As many ids as tokens, each once and in range: none is missing.
        String[] tokens = new String[vocabulary.size()];
        BitSet taken = new BitSet(tokens.length);
        for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
            int id = entry.getValue().asInt(-1);
            if (id < 0 || id >= tokens.length || taken.get(id)) {
                throw new IllegalArgumentException("Token ids must be 0 to %d, each once: %s has %s"
                        .formatted(tokens.length - 1, entry.getKey(), entry.getValue()));
            }
            tokens[id] = entry.getKey();
            taken.set(id);
        }
        return tokens;
    }

    private static long idOf(String token, String[] tokens) {
        for (int id = tokens.length - 1; id >= 0; id--) {
            if (tokens[id].equals(token)) {
                return id;
            }
        }
        throw new IllegalArgumentException("A tokenizer.json must have the token " + token);
    }

    private static HuggingFaceTokenizer encoder(String json) {
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                    Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (EngineException e) {
            throw e;
        } catch (RuntimeException e) {
            // The native part reports whatever it does not understand in the file with this plain type.
            throw new IllegalArgumentException(
                    "The tokenizers library cannot read this tokenizer.json: " + e.getMessage(), e);
        }
    }

    /**
     * Token ids: start of text, the text, end of text, then zeros. What does not fit is cut from the text, never the end of text.
     * Special tokens written out in the text are left out.
     *
     * @param contextLength length of the result, at least 3
     */
    public long[] encode(String text, int contextLength) {
        requireContextLength(contextLength);
        String head = text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS);
        long[] encoded = new long[contextLength];
        encoded[0] = sotId;
        int length = 1;
        for (long id : encoder.encode(head, false, false).getIds()) {
            if (id < maskId && length < contextLength - 1) {
                encoded[length++] = id;
            }
        }
        encoded[length] = eotId;
        return encoded;
    }

    /** The text of token ids up to the end of text, without special tokens; words are separated by single spaces. */
    public String decode(long[] ids) {
        StringBuilder spelled = new StringBuilder();
        String space = ByteAlphabet.spell(" ").get(0);
        for (long id : ids) {
            if (id < 0 || id >= tokens.length) {
                throw new IllegalArgumentException("token id must lie in [0, %d): %d".formatted(tokens.length, id));
            }
            if (id == eotId) {
                break;
            }
            if (id < maskId) {
                spelled.append(tokens[(int) id].replace(BpeVocabulary.END_OF_WORD, space));
            }
        }
        return ByteAlphabet.read(spelled.toString()).strip();
    }

    /** Refuses a context that has no room for a token between start and end. */
    public static void requireContextLength(int contextLength) {
        if (contextLength < 3) {
            throw new IllegalArgumentException("context length must be at least 3: " + contextLength);
        }
    }

    /** The text of the {@code tokenizer.json}, for a checkpoint. */
    public String json() {
        return json;
    }

    /** Whether a word ends with this token, so that the next token begins another. */
    public boolean endsWord(long id) {
        return tokens[Math.toIntExact(id)].endsWith(BpeVocabulary.END_OF_WORD);
    }

    /** Id of {@code <|mask|>}: all smaller ids are ordinary tokens. */
    public long maskId() {
        return maskId;
    }

    /** Id of {@code <|startoftext|>}. */
    public long sotId() {
        return sotId;
    }

    /** Id of {@code <|endoftext|>}, the largest. */
    public long eotId() {
        return eotId;
    }

    /** Number of tokens, the special ones included. */
    public int vocabularySize() {
        return tokens.length;
    }

    @Override
    public void close() {
        encoder.close();
    }
}
