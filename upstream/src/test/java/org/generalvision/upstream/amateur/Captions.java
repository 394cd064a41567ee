package org.generalvision.upstream.amateur;

import java.util.List;
import org.generalvision.data.text.BpeTrainer;
import org.generalvision.data.text.Tokenizer;

/** A few captions and a tokenizer that knows their words. */
final class Captions {
    static final List<String> ALL = List.of(
            "red car", "green tree", "yellow sun", "blue fish", "black cat", "white dog", "brown bear", "pink flower");

    private Captions() {}

    /** Whole words are tokens, each word ends with one. */
    static Tokenizer tokenizer() {
        return Tokenizer.of(BpeTrainer.train(ALL.stream().flatMap(c -> java.util.stream.Stream.of(c, c)), 550)
                .toJson());
    }
}
