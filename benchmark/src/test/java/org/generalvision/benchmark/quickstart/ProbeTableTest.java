package org.generalvision.benchmark.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.generalvision.metric.Predictions;
import org.junit.jupiter.api.Test;

class ProbeTableTest {
    private static final Predictions PREDICTIONS =
            new Predictions(new double[] {0.9, 0.1, 0.2, 0.8}, 2, new int[] {0, 1});

    private static FashionProbe.Row row(String name, boolean headline, double accuracy) {
        List<FashionProbe.Cell> cells = FashionProbe.FRACTIONS.stream()
                .map(fraction -> new FashionProbe.Cell(
                        fraction, List.of(accuracy - 0.01, accuracy, accuracy + 0.01), PREDICTIONS))
                .toList();
        return new FashionProbe.Row(new FashionProbe.Readout(name, 0, 12, true, headline), 12, cells);
    }

    @Test
    void theVerdictNamesWhoeverIsBest() {
        ProbeTable table = new ProbeTable(
                List.of(row("ours", true, 0.8), row("ours, pooled", false, 0.7), row("raw pixels", true, 0.82)),
                List.of("hat", "shoe"));
        assertThat(table.best(1)).isEqualTo(2);
        assertThat(table.verdict(1))
                .startsWith("The winner is raw pixels: ")
                .contains("on 10 % of", "82.00", "80.00", "for ours")
                .doesNotContain("pooled");
    }

    @Test
    void thereIsNoIntervalWhereAllSeedsHaveTheSameImages() {
        ProbeTable table = new ProbeTable(List.of(row("ours", true, 0.8)), List.of("hat", "shoe"));
        List<String> cells = table.table().rows().get(0);
        assertThat(cells.get(2)).contains("\u00b1");
        assertThat(cells.get(4)).isEqualTo("80.00 %");
    }
}
