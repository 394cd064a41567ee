package org.generalvision.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.generalvision.metric.ConfusionMatrix;
import org.generalvision.metric.Predictions;
import org.junit.jupiter.api.Test;

class ConfusionTableTest {
    private final ConfusionMatrix matrix =
            ConfusionMatrix.of(new Predictions(new double[] {0.9, 0.1, 0.2, 0.8, 0.7, 0.3}, 2, new int[] {0, 1, 1}));

    @Test
    void sharesAreOfTheTrueClass() {
        assertThat(new ConfusionTable(List.of("hat", "shoe"), matrix).html().markup())
                .contains("<th>hat</th>", "<th>shoe</th>", "--share:0.500\">50<", "--share:1.000\">100<");
    }

    @Test
    void everyClassNeedsAName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConfusionTable(List.of("hat"), matrix))
                .withMessageContaining("1 names for 2 classes");
    }
}
