package org.generalvision.data.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A byte-pair vocabulary in CLIP's manner (Radford et al., arXiv:2103.00020, section 2.4): lower-cased text is cut into words,
 * words into bytes, the last byte of a word carries {@code </w>}, and pairs are merged in order. The three special tokens have
 * the largest ids, the end of text the very largest, so that the largest id of a sequence tells where it ends.
 *
 * @param tokens all tokens but the special ones, by id
 * @param merges pairs of tokens in the order in which they are merged
 */
public record BpeVocabulary(List<String> tokens, List<Merge> merges) {
    /** Stands for a hidden token in masked language modelling; DeCLIP puts it before the other two. */
    public static final String MASK = "<|mask|>";

    public static final String START_OF_TEXT = "<|startoftext|>";
    public static final String END_OF_TEXT = "<|endoftext|>";

    /** Special tokens in the order of their ids. */
    static final List<String> SPECIAL_TOKENS = List.of(MASK, START_OF_TEXT, END_OF_TEXT);

    static final String END_OF_WORD = "</w>";

    private static final String WORD = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
    private static final Pattern WORD_PATTERN = Pattern.compile(WORD, Pattern.UNICODE_CHARACTER_CLASS);
    private static final ObjectMapper JSON = new ObjectMapper();

    public BpeVocabulary {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
    }

    /** Two tokens that become one. */
    public record Merge(String left, String right) {}

    /** Number of tokens with the special ones. */
    public int size() {
        return tokens.size() + SPECIAL_TOKENS.size();
    }

    /** The words of a text, normalized as the tokenizer does it. */
    static Stream<String> words(String text) {
        String normalized = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        return WORD_PATTERN.matcher(normalized).results().map(MatchResult::group);
    }

    /** The vocabulary as a {@code tokenizer.json} of the HuggingFace tokenizers library. */
    public String toJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int i = 0; i < SPECIAL_TOKENS.size(); i++) {
            ObjectNode token = added.addObject();
            token.put("id", tokens.size() + i).put("content", SPECIAL_TOKENS.get(i));
            token.put("single_word", false).put("lstrip", false).put("rstrip", false);
            token.put("normalized", false).put("special", true);
        }
        root.set("normalizer", normalizer());
        root.set("pre_tokenizer", preTokenizer());
        root.set("post_processor", postProcessor());
        root.set("decoder", decoder());
        root.set("model", model());
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode normalizer() {
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("normalizers");
        steps.addObject().put("type", "NFC");
        ObjectNode spaces = steps.addObject().put("type", "Replace");
        spaces.putObject("pattern").put("Regex", "\\s+");
        spaces.put("content", " ");
        steps.addObject().put("type", "Lowercase");
        return sequence;
    }

    private static ObjectNode preTokenizer() {
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", WORD);
        split.put("behavior", "Removed").put("invert", true);
        ObjectNode bytes = steps.addObject().put("type", "ByteLevel");
        bytes.put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", false);
        return sequence;
    }

    private ObjectNode postProcessor() {
        ObjectNode frame = JSON.createObjectNode().put("type", "RobertaProcessing");
        frame.putArray("sep").add(END_OF_TEXT).add(tokens.size() + SPECIAL_TOKENS.indexOf(END_OF_TEXT));
        frame.putArray("cls").add(START_OF_TEXT).add(tokens.size() + SPECIAL_TOKENS.indexOf(START_OF_TEXT));
        return frame.put("trim_offsets", false).put("add_prefix_space", false);
    }

    private static ObjectNode decoder() {
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("decoders");
        ObjectNode endOfWord = steps.addObject().put("type", "Replace");
        endOfWord.putObject("pattern").put("String", END_OF_WORD);
        endOfWord.put("content", ByteAlphabet.spell(" ").get(0));
        ObjectNode bytes = steps.addObject().put("type", "ByteLevel");
        bytes.put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", false);
        return sequence;
    }

    private ObjectNode model() {
        ObjectNode model = JSON.createObjectNode().put("type", "BPE");
        model.putNull("dropout").put("unk_token", END_OF_TEXT);
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", END_OF_WORD);
        model.put("fuse_unk", false).put("byte_fallback", false);
        ObjectNode ids = model.putObject("vocab");
        Stream.concat(tokens.stream(), SPECIAL_TOKENS.stream()).forEach(token -> ids.put(token, ids.size()));
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(merge -> pairs.add(merge.left() + " " + merge.right()));
        return model;
    }
}
