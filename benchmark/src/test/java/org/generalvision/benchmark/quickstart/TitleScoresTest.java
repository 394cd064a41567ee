package org.generalvision.benchmark.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TitleScoresTest {
    @Test
    void measuresHaveTheNamesOfTheFieldInOrder() {
        TitleScores scores = new TitleScores(Map.of(
                "ours",
                new TreeMap<>(Map.of(
                        "zeroShot/clipart/top1", 0.3,
                        "retrieval/clipart/imageToText/recall10", 0.25,
                        "retrieval/clipart/imageToText/recall5", 0.125))));
        assertThat(scores.table().rows())
                .containsExactly(
                        List.of("image to text, R@5", "12.5 %"),
                        List.of("image to text, R@10", "25.0 %"),
                        List.of("zero-shot, top-1", "30.0 %"));
    }
}
