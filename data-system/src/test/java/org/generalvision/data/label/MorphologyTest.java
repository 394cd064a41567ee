package org.generalvision.data.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of the manual page morphy(7WN), and words for each rule. */
class MorphologyTest {
    private static final Morphology MORPHOLOGY = new Morphology(
            Map.of(
                    "geese",
                    List.of("goose"),
                    "axes",
                    List.of("ax", "axis"),
                    "attorneys general",
                    List.of("attorney general")),
            Map.of("better", List.of("good", "well")));

    @Test
    void rulesDetachTheEndsOfNouns() {
        Map.of(
                        "dogs", "dog",
                        "churches", "church",
                        "dishes", "dish",
                        "boxes", "box",
                        "waltzes", "waltz",
                        "classes", "class",
                        "ladies", "lady",
                        "firemen", "fireman")
                .forEach((form, base) ->
                        assertThat(MORPHOLOGY.nounBases(form)).as(form).contains(base));
        assertThat(MORPHOLOGY.nounBases("boxesful")).contains("boxful");
        assertThat(MORPHOLOGY.nounBases("glass")).isEmpty();
        assertThat(MORPHOLOGY.nounBases("us")).isEmpty();
        assertThat(MORPHOLOGY.nounBases("")).isEmpty();
    }

    @Test
    void rulesDetachTheEndsOfAdjectives() {
        assertThat(MORPHOLOGY.adjectiveBases("fast")).isEmpty();
        assertThat(MORPHOLOGY.adjectiveBases("faster")).containsExactly("fast", "faste");
        assertThat(MORPHOLOGY.adjectiveBases("finest")).containsExactly("fin", "fine");
    }

    @Test
    void irregularFormsComeBeforeRules() {
        assertThat(MORPHOLOGY.nounBases("Geese")).containsExactly("goose");
        assertThat(MORPHOLOGY.nounBases("axes")).containsExactly("ax", "axis");
        assertThat(MORPHOLOGY.nounBases("attorneys_general")).containsExactly("attorney general");
        assertThat(MORPHOLOGY.adjectiveBases("better")).containsExactly("good", "well");
    }

    @Test
    void compoundsChangeAtTheirWords() {
        assertThat(MORPHOLOGY.nounBases("canada geese")).contains("canada goose");
        assertThat(MORPHOLOGY.nounBases("birds of prey")).contains("bird of prey");
    }

    @Test
    void theListIsWrittenAndReadBack() {
        assertThat(Morphology.parse(MORPHOLOGY.text(), "x").nounBases("axes")).containsExactly("ax", "axis");
        assertThat(Morphology.parse(MORPHOLOGY.text(), "x").adjectiveBases("better"))
                .containsExactly("good", "well");
        assertThatIllegalArgumentException().isThrownBy(() -> Morphology.parse("verb\tran\trun\n", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> Morphology.parse("noun\tgeese\n", "x"));
    }
}
