package org.generalvision.data.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostMeasurementTest {
    private static final CostMeasurement.Effort QUICK =
            new CostMeasurement.Effort(1_000_000, 1 << 10, List.of(1 << 10, 1 << 12));

    @TempDir
    Path work;

    /** Pictures of noise, the later ones larger. */
    private static List<Example> examples(int count) throws IOException {
        Random random = new Random(1);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int side = 8 + i;
            BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
            image.setRGB(0, 0, side, side, random.ints((long) side * side).toArray(), 0, side);
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            examples.add(Example.builder("e" + i, ByteBuffer.wrap(png.toByteArray()), "noise", "MIT")
                    .captions(List.of(new Example.Caption("noise", "en")))
                    .labels(List.of("noise"))
                    .build()
                    .withContentHash());
        }
        return examples;
    }

    @Test
    void everyStageIsMeasured() throws Exception {
        List<Example> examples = examples(SampleRecords.FEWEST);
        AtomicInteger parts = new AtomicInteger();
        Costs costs = new CostMeasurement(examples.iterator(), work, QUICK, parts::incrementAndGet)
                .run(null, "here", "this test");
        assertThat(parts).hasValue(CostMeasurement.numParts());
        assertThat(costs.machine()).isEqualTo("here");
        assertThat(costs.sample().records()).isEqualTo(SampleRecords.FEWEST);
        assertThat(costs.sample().bytesPerRecord())
                .isEqualTo(examples.stream()
                        .mapToInt(example -> example.image().remaining())
                        .average()
                        .orElseThrow());
        assertThat(costs.sample().bytesBesideImage()).isPositive();
        assertThat(costs.overhead()).isGreaterThanOrEqualTo(1);
        Stream.of(
                        costs.read(),
                        costs.hash(),
                        costs.write(),
                        costs.readShards(),
                        costs.perceptualHash(),
                        costs.decode(),
                        costs.survey())
                .forEach(rate -> assertThat(rate.seconds(1, 5000)).isPositive());
        assertThat(costs.planning().secondsPerRecord()).isPositive();
        assertThat(costs.planning().bytesPerRecord()).isBetween(20.0, 40.0);
        assertThat(costs.sort().secondsPerRecord()).isPositive();
        assertThat(costs.sort().secondsPerMerge()).isPositive();
        assertThat(costs.search().secondsPerRecord() + costs.search().secondsPerPair())
                .isPositive();
        assertThat(Costs.parse("costs.yaml", costs.text()).sample().records()).isEqualTo(SampleRecords.FEWEST);
    }

    @Test
    void groupsHoldRecordsOfSimilarSizeAndLeaveNoneOut() throws Exception {
        List<Example> examples = examples(67);
        List<List<Example>> groups = SampleRecords.of(examples.iterator()).groups();
        assertThat(groups).hasSize(8).allSatisfy(group -> assertThat(group).hasSizeBetween(8, 9));
        assertThat(groups.stream().flatMap(List::stream).map(Example::id))
                .containsExactlyInAnyOrderElementsOf(
                        examples.stream().map(Example::id).toList());
        List<Double> means = groups.stream().map(SampleRecords::meanBytes).toList();
        assertThat(means).isSorted();
        // What the source knew of its images is computed anew when that is measured.
        assertThat(groups.get(0).get(0).hashes()).isNull();
    }

    @Test
    void tooFewRecordsAreNoSample() throws Exception {
        List<Example> few = new ArrayList<>(examples(10));
        IntStream.range(0, 100)
                .mapToObj(i -> Example.builder("no image", ByteBuffer.allocate(3), "noise", "MIT")
                        .build())
                .forEach(few::add);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleRecords.of(few.iterator()))
                .withMessageContainingAll("at least 64", "here are 10");
    }
}
