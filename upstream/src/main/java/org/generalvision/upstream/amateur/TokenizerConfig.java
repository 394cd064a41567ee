package org.generalvision.upstream.amateur;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.text.BpeTrainer;
import org.generalvision.data.text.Tokenizer;

/** Where the vocabulary comes from. */
public sealed interface TokenizerConfig {
    /** Opens the tokenizer; {@code examples} are those of the training. */
    Tokenizer open(ExampleSource examples);

    /**
     * A byte-pair vocabulary learned from all captions of the training data.
     *
     * @param vocabularySize tokens in all, at least 515: 512 for bytes and 3 special ones
     */
    record Learned(int vocabularySize) implements TokenizerConfig {
        private static final int SMALLEST = 515;

        public Learned {
            if (vocabularySize < SMALLEST) {
                throw new IllegalArgumentException(
                        "vocabularySize must be at least %d: %d".formatted(SMALLEST, vocabularySize));
            }
        }

        @Override
        public Tokenizer open(ExampleSource examples) {
            Stream<String> captions = LongStream.range(0, examples.size())
                    .mapToObj(examples::get)
                    .map(Example::captions)
                    .flatMap(List::stream)
                    .map(Example.Caption::text);
            return Tokenizer.of(BpeTrainer.train(captions, vocabularySize).toJson());
        }
    }

    /**
     * A file such as a former run's {@code tokenizer.json}.
     *
     * @param path of the file
     */
    record File(Path path) implements TokenizerConfig {
        @Override
        public Tokenizer open(ExampleSource examples) {
            return Tokenizer.open(path);
        }
    }
}
