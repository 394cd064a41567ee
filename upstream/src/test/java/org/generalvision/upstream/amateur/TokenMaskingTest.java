package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.text.Tokenizer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenMaskingTest {
    private static final Tokenizer TOKENIZER = Captions.tokenizer();
    private static final TokenMasking PUBLISHED = new TokenMasking(0.15, 0.8, 0.1);
    private static final int DRAWS = 4000;

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    private static RandomStream stream(int draw) {
        return RandomStream.of(3, 0, draw, "test");
    }

    @Test
    void fifteenPercentAreChosenOfWhichEightInTenAreHiddenAndOneInTenIsRandom() {
        long[] text = TOKENIZER.encode("red car green tree yellow sun blue fish black cat white dog brown bear", 64);
        int length = 0;
        while (text[length] != TOKENIZER.eotId()) {
            length++;
        }
        double chosen = 0;
        double masked = 0;
        double changed = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            long[] tokens = text.clone();
            List<Integer> places = PUBLISHED.apply(tokens, TOKENIZER, stream(draw));
            chosen += places.size();
            for (int place : places) {
                assertThat(place).isBetween(1, length - 1);
                assertThat(tokens[place]).isBetween(0L, TOKENIZER.maskId());
                masked += tokens[place] == TOKENIZER.maskId() ? 1 : 0;
                changed += tokens[place] != TOKENIZER.maskId() && tokens[place] != text[place] ? 1 : 0;
                tokens[place] = text[place];
            }
            assertThat(tokens).isEqualTo(text);
        }
        assertThat(chosen / DRAWS / (length - 1)).isCloseTo(0.15, within(0.005));
        assertThat(masked / chosen).isCloseTo(0.8, within(0.02));
        assertThat(changed / chosen).isCloseTo(0.1, within(0.02));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat", "black cat", "unknownword"})
    void theLastWordOfAShortCaptionIsNeverTouched(String caption) {
        long[] text = TOKENIZER.encode(caption, 16);
        long[] lastWord = TOKENIZER.encode(caption.substring(caption.lastIndexOf(' ') + 1), 16);
        TokenMasking always = new TokenMasking(0.99, 1, 0);
        for (int draw = 0; draw < 200; draw++) {
            long[] tokens = text.clone();
            always.apply(tokens, TOKENIZER, stream(draw));
            assertThat(words(tokens)).endsWith(words(lastWord));
        }
    }

    private static String words(long[] tokens) {
        return TOKENIZER.decode(tokens);
    }

    @Test
    void aLongerCaptionKeepsAtLeastOneWord() {
        long[] text = TOKENIZER.encode("red green blue cat", 16);
        TokenMasking always = new TokenMasking(0.9, 1, 0);
        int lastTouched = 0;
        for (int draw = 0; draw < 500; draw++) {
            long[] tokens = text.clone();
            always.apply(tokens, TOKENIZER, stream(draw));
            assertThat(words(tokens)).isNotBlank();
            lastTouched += words(tokens).endsWith("cat") ? 0 : 1;
        }
        assertThat(lastTouched).isPositive();
    }

    @Test
    void anEmptyTextAndOneWithoutRoomForItsEndAreLeftAlone() {
        long[] empty = TOKENIZER.encode("", 8);
        assertThat(new TokenMasking(0.99, 1, 0).apply(empty.clone(), TOKENIZER, stream(0)))
                .isEmpty();
        long[] cut = TOKENIZER.encode("unknownword", 5);
        assertThat(new TokenMasking(0.99, 1, 0).apply(cut, TOKENIZER, stream(0)))
                .isEmpty();
    }

    @Test
    void theSameStreamHidesTheSameTokens() {
        long[] first = TOKENIZER.encode("red car green tree yellow sun blue fish", 32);
        long[] second = first.clone();
        TokenMasking half = new TokenMasking(0.5, 0.5, 0.5);
        assertThat(half.apply(first, TOKENIZER, stream(1))).isEqualTo(half.apply(second, TOKENIZER, stream(1)));
        assertThat(first).isEqualTo(second);
    }

    @Test
    void sharesOutsideTheirRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenMasking(1, 0.8, 0.1))
                .withMessageContaining("probability must lie in [0, 1): 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenMasking(0.15, 1.1, 0))
                .withMessageContaining("masked must lie in [0, 1]: 1.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenMasking(0.15, 0.8, 0.3))
                .withMessageContaining("random must lie in [0, 1 - masked]: 0.3");
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenMasking(Double.NaN, 0.8, 0.1));
    }
}
