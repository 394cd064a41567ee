package org.generalvision.data.propose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableDoubleArray;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.augment.Range;
import org.generalvision.data.augment.UnreadableSampleException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegionProposerTest {
    private static final SelectiveSearch SEARCH =
            new SelectiveSearch(96, 150, 150, 0.8, new Range(1.0 / 3, 3), new Range(0.3, 0.8));

    private static ImmutableDoubleArray propose(SelectiveSearch search, ByteBuffer image) {
        try (RegionProposer proposer = new RegionProposer(search)) {
            return proposer.propose(image);
        }
    }

    /** A green and a blue square on red. */
    private static BufferedImage squares(int scale) {
        BufferedImage image = Pictures.plain(80 * scale, 120 * scale, 0xFFFF0000);
        paint(image, 8 * scale, 10 * scale, 40 * scale, 0xFF00FF00);
        paint(image, 70 * scale, 30 * scale, 36 * scale, 0xFF0000FF);
        return image;
    }

    private static void paint(BufferedImage image, int x, int y, int side, int argb) {
        for (int i = 0; i < side * side; i++) {
            image.setRGB(x + i % side, y + Math.floorDiv(i, side), argb);
        }
    }

    private static double overlap(ImmutableDoubleArray boxes, int at, double[] truth) {
        double width = Math.min(boxes.get(at + 2), truth[2]) - Math.max(boxes.get(at), truth[0]);
        double height = Math.min(boxes.get(at + 3), truth[3]) - Math.max(boxes.get(at + 1), truth[1]);
        double both = Math.max(0, width) * Math.max(0, height);
        double first = (boxes.get(at + 2) - boxes.get(at)) * (boxes.get(at + 3) - boxes.get(at + 1));
        return both / (first + (truth[2] - truth[0]) * (truth[3] - truth[1]) - both);
    }

    private static double best(ImmutableDoubleArray boxes, double... truth) {
        double best = 0;
        for (int i = 0; i < boxes.length(); i += 4) {
            best = Math.max(best, overlap(boxes, i, truth));
        }
        return best;
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "5"})
    void theSquaresAreAmongTheProposalsInPixelsOfTheStoredImage(int scale) {
        ImmutableDoubleArray boxes = propose(SEARCH, Pictures.png(squares(scale)));
        assertThat(best(boxes, 8 * scale, 10 * scale, 48 * scale, 50 * scale)).isGreaterThan(0.8);
        assertThat(best(boxes, 70 * scale, 30 * scale, 106 * scale, 66 * scale)).isGreaterThan(0.8);
    }

    @Test
    void everyProposalHasTheShapeAndSizeAskedForAndLiesInTheImage() {
        for (long seed = 0; seed < 5; seed++) {
            ImmutableDoubleArray boxes = propose(SEARCH, Pictures.png(Pictures.photo(seed, 60, 90)));
            assertThat(boxes.length()).isPositive();
            for (int i = 0; i < boxes.length(); i += 4) {
                double width = boxes.get(i + 2) - boxes.get(i);
                double height = boxes.get(i + 3) - boxes.get(i + 1);
                assertThat(width / height).isBetween(1.0 / 3, 3.0);
                assertThat(Math.sqrt(width * height / 5400)).isBetween(0.3, 0.8);
                assertThat(boxes.get(i)).isNotNegative();
                assertThat(boxes.get(i + 1)).isNotNegative();
                assertThat(boxes.get(i + 2)).isLessThanOrEqualTo(90);
                assertThat(boxes.get(i + 3)).isLessThanOrEqualTo(60);
            }
        }
    }

    /** The library draws the order of its results from the process's generator; ours must not depend on what ran before. */
    @Test
    void theSameImageHasTheSameProposalsWhateverWasSearchedBefore() {
        ByteBuffer image = Pictures.png(Pictures.photo(3, 70, 70));
        ImmutableDoubleArray fresh = propose(SEARCH, image);
        try (RegionProposer used = new RegionProposer(SEARCH)) {
            List<ImmutableDoubleArray> others = new ArrayList<>();
            for (long seed = 10; seed < 14; seed++) {
                others.add(used.propose(Pictures.png(Pictures.photo(seed, 50, 40))));
            }
            assertThat(used.propose(image)).isEqualTo(fresh);
            assertThat(others).doesNotContain(fresh);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 30", "5, 5", "64, 64", "200, 3"})
    void anImageOfOneColorOrWithHardlyAPixelHasNone(int height, int width) {
        assertThat(propose(SEARCH, Pictures.png(Pictures.plain(height, width, 0xFF336699))))
                .isEqualTo(ImmutableDoubleArray.of());
    }

    @Test
    void aBrokenImageIsUnreadable() {
        assertThatThrownBy(() -> propose(SEARCH, Pictures.direct(new byte[] {1, 2, 3})))
                .isInstanceOf(UnreadableSampleException.class);
    }

    @Test
    void aSmallerSearchStillSpeaksOfTheStoredImage() {
        SelectiveSearch coarse = new SelectiveSearch(40, 150, 150, 0.8, SEARCH.ratio(), SEARCH.size());
        double found = best(propose(coarse, Pictures.png(squares(1))), 8, 10, 48, 50);
        assertThat(found).isCloseTo(1, within(0.35));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "15 | 150 | 0.8 | 1 | 0.5 | longestSide",
                "96 | 0   | 0.8 | 1 | 0.5 | baseScale",
                "96 | 150 | -1  | 1 | 0.5 | smoothing",
                "96 | 150 | 0.8 | 0 | 0.5 | ratio",
                "96 | 150 | 0.8 | 1 | 1.5 | size",
            })
    void settingsOutsideTheirRangeAreRefused(
            int side, int scale, double smoothing, double ratio, double size, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SelectiveSearch(
                        side, scale, 150, smoothing, new Range(ratio, 3), new Range(0.3, Math.max(size, 0.3))))
                .withMessageContaining(message);
    }
}
