package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TitleKeyTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cat | cat 01",
                "Cat | CATS",
                "Cat | cat_2",
                "Cat | Cat (black and white)",
                "Cat | cat - outline",
                "Cat | blue cat",
                "Cat | Cat, animal, mammal",
                "Cat | Cat (black, white), animal",
                "Cherry | cherries",
                "Box | boxes",
                "Cross | crosses",
                "Caf\u00e9 | cafe",
                "LightBulb | light bulb",
                "Cactus | cactus 3",
                "StickMan#207 | stick man",
            })
    void variantsOfOneTitleFallTogether(String title, String variant) {
        assertThat(TitleKey.of(variant)).isEqualTo(TitleKey.of(title));
        assertThat(TitleKey.of(variant).split()).isEqualTo(TitleKey.of(title).split());
    }

    @ParameterizedTest
    @CsvSource({"cat, dog", "glass, glas", "bus, bu", "ice cream, ice", "house, horse"})
    void differentObjectsStayApart(String one, String other) {
        assertThat(TitleKey.of(one)).isNotEqualTo(TitleKey.of(other));
    }

    @Test
    void aTitleOfNothingButStyleKeepsItsWords() {
        assertThat(TitleKey.of("Orange").value()).isEqualTo("orange");
        assertThat(TitleKey.of("012").value()).isEmpty();
    }

    @Test
    void eightInTenKeysTrainAndOneEachValidatesAndTests() {
        Map<Split, Long> counts = IntStream.range(0, 20_000)
                .mapToObj(i -> new TitleKey("object " + Integer.toString(i, 26)).split())
                .collect(Collectors.groupingBy(split -> split, Collectors.counting()));
        assertThat(counts.get(Split.TRAIN)).isBetween(15_700L, 16_300L);
        assertThat(counts.get(Split.VALIDATION)).isBetween(1_800L, 2_200L);
        assertThat(counts.get(Split.TEST)).isBetween(1_800L, 2_200L);
    }
}
