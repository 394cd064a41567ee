package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptionFilterTest {
    private static final CaptionFilter FILTER = new CaptionFilter(2, 12, 0.5, 0.5, Set.of("bad word", "worse"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | a cat on a mat | ",
                "en | cat | too few words",
                "en | '   ' | too few words",
                "en | one two three four five six seven eight nine ten eleven twelve thirteen | too many words",
                "en | IMG_20190203 and more.JPG | a file name",
                "en | DSC01234 | too few words",
                "en | holiday DSC01234 | a file name",
                "en | visit www.example.org now | an address of a page or mailbox",
                "en | shop at example.com today | an address of a page or mailbox",
                "en | write to me@example.org please | an address of a page or mailbox",
                "en | 'a <b>bold</b> cat' | markup",
                "en | cats &amp; dogs | markup",
                "en | cats & dogs | ",
                "en | 3 < 5 cats > 2 dogs | ",
                "en | a cat. click here | a phrase of web pages",
                "en | 12345 678 a | few letters",
                "en | cat cat cat dog | one word again and again",
                "en | cat cat dog dog | ",
                "en | \u043a\u043e\u0442 \u043d\u0430 \u043a\u043e\u0432\u0440\u0435 | letters of another script than the language en",
                "ru | \u043a\u043e\u0442 \u043d\u0430 \u043a\u043e\u0432\u0440\u0435 | ",
                "ru | a cat here | letters of another script than the language ru",
                "sr-Latn | macka na prostirci | ",
                "zz | \u043a\u043e\u0442 \u043d\u0430 \u043a\u043e\u0432\u0440\u0435 | ",
                "ja | \u732b\u304c\u3044\u308b | ",
                "hi | \u092c\u093f\u0932\u094d\u0932\u0940 \u091a\u091f\u093e\u0908 \u092a\u0930 | ",
                "en | this is a BAD, word indeed | a word of the block list",
                "en | this is worsened badly | ",
                "en | it got worse! | a word of the block list"
            })
    void captionsAreJudged(String language, String text, String reason) {
        assertThat(FILTER.fault(new Example.Caption(text, language)).map(CaptionFilter.Fault::reason))
                .isEqualTo(java.util.Optional.ofNullable(reason));
    }

    @Test
    void anExampleGoesOnlyIfNoCaptionIsGood() {
        Path directory = Shards.write(
                folder.resolve("shards"),
                List.of(
                        Shards.captioned("good", Shards.bytes("1"), "a good caption", "en"),
                        Shards.captioned("bad", Shards.bytes("2"), "IMG_1234.jpg", "en"),
                        Example.builder("both", Shards.bytes("3"), "made-up", "MIT")
                                .captions(List.of(
                                        new Example.Caption("IMG_1234.jpg", "en"),
                                        new Example.Caption("a good caption", "en")))
                                .build(),
                        Shards.example("none", Shards.bytes("4"), List.of())));
        try (CurationStep step = CurationStep.begin(directory, "captions", Map.of(), false)) {
            FILTER.run(step, CurationEngine.oneProcess(), () -> {});
            assertThat(step.finish().first())
                    .containsExactly(
                            new Removal(1, "bad", "too few words", Map.of("found", 1, "caption", "IMG_1234.jpg")));
        }
        assertThat(Shards.ids(directory)).containsExactly("good", "both", "none");
    }

    @Test
    void wrongSettingsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CaptionFilter(3, 2, 0, 1, Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new CaptionFilter(0, 2, 1.5, 1, Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new CaptionFilter(0, 2, 0, Double.NaN, Set.of()));
    }
}
