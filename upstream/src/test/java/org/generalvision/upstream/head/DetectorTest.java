package org.generalvision.upstream.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.generalvision.data.example.Mask;
import org.generalvision.data.load.DenseSamples;
import org.generalvision.metric.Region;
import org.generalvision.nn.Nms;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.upstream.amateur.Gradients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proposals and region heads on images of every kind: with, without and full of objects. */
class DetectorTest {
    private static final List<Integer> STRIDES = List.of(8, 16);
    private static final Pass TRAINING = Pass.training(Precision.FLOAT32);
    private static final TrueInstance OBJECT = TrueInstance.of(4, 6, 21, 30, 1);

    private final NDManager manager = NDManager.newBaseManager();
    private final ProposalNetwork network = new ProposalNetwork(4, STRIDES, proposalConfig());
    private final RegionHeads heads = new RegionHeads(4, STRIDES, 2, regionConfig());

    @BeforeEach
    void initialize() {
        manager.getEngine().setRandomSeed(4);
        network.initialize(manager, DataType.FLOAT64);
        heads.initialize(manager, DataType.FLOAT64);
        // The small start makes gradients too small to be told from rounding.
        network.parameters().values().forEach(parameter -> parameter.getArray().muli(20));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static ProposalNetwork.Config proposalConfig() {
        return new ProposalNetwork.Config(
                new Anchors(List.of(List.of(12.0), List.of(24.0)), List.of(0.5, 1.0, 2.0)),
                new Matcher(0.7, 0.3),
                new BalancedSampler(16, 0.5),
                new ProposalNetwork.Selection(20, 12),
                new ProposalNetwork.Selection(20, 12),
                new Nms(0.7));
    }

    private static RegionHeads.Config regionConfig() {
        return new RegionHeads.Config(
                8,
                2,
                32,
                new Matcher(0.5, 0.5),
                new BalancedSampler(8, 0.25),
                0.05,
                new Nms(0.5),
                10,
                new RegionHeads.Masks(List.of(4), 4));
    }

    private List<NDArray> maps(int images) {
        return List.of(
                Gradients.normal(manager, "fine", images, 4, 4, 4),
                Gradients.normal(manager, "coarse", images, 4, 2, 2));
    }

    private static TruthBatch truths(long step, List<TrueInstance> first, List<TrueInstance> second) {
        return Truths.of(32, 32, step, List.of(first, second));
    }

    private static TrueInstance withMask(TrueInstance object, int height, int width) {
        BitSet pixels = new BitSet();
        pixels.set(5 * height + 8, 5 * height + 20);
        pixels.set(6 * height + 8, 6 * height + 20);
        return new TrueInstance(
                object.box(), object.label(), false, Mask.RunLengths.of(height, width, pixels, "", null));
    }

    @Test
    void gradientsOfProposalsAreThoseOfCentralDifferences() {
        TruthBatch truths = truths(0, List.of(OBJECT), List.of());
        Gradients.check(maps(2), maps -> {
            ProposalNetwork.Loss loss = network.loss(network.predict(maps, TRAINING), truths);
            return loss.objectness().add(loss.boxes());
        });
    }

    @Test
    void gradientsOfRegionsAreThoseOfCentralDifferences() {
        TruthBatch truths = truths(0, List.of(withMask(OBJECT, 32, 32)), List.of());
        List<Regions> proposals = List.of(regions(3, 5, 20, 31, 0, 0, 32, 32), regions(10, 10, 30, 25));
        Gradients.check(maps(2), maps -> {
            RegionHeads.Loss loss = heads.loss(maps, proposals, truths, TRAINING);
            return loss.classes().add(loss.boxes()).add(Objects.requireNonNull(loss.masks()));
        });
    }

    private static Regions regions(double... numbers) {
        return new Regions(ImmutableDoubleArray.copyOf(numbers));
    }

    private double[] losses(TruthBatch truths) {
        List<NDArray> maps = maps(2);
        ProposalNetwork.Predictions predictions = network.predict(maps, TRAINING);
        ProposalNetwork.Loss first = network.loss(predictions, truths);
        List<Regions> proposals = network.proposals(predictions, truths.sizes(), TRAINING);
        RegionHeads.Loss second = heads.loss(maps, proposals, truths, TRAINING);
        return new double[] {
            Gradients.scalar(first.objectness()),
            Gradients.scalar(first.boxes()),
            Gradients.scalar(second.classes()),
            Gradients.scalar(second.boxes()),
            Gradients.scalar(Objects.requireNonNull(second.masks()))
        };
    }

    @Test
    void imagesWithoutObjectsTeachBackgroundAlone() {
        double[] losses = losses(truths(0, List.of(), List.of()));
        assertThat(losses[0]).isPositive();
        assertThat(losses[1]).isZero();
        assertThat(losses[2]).isPositive();
        assertThat(losses[3]).isZero();
        assertThat(losses[4]).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, DenseSamples.UNNAMED})
    void anImageThatIsACrowdTeachesNothing(int label) {
        List<TrueInstance> crowd = List.of(TrueInstance.crowd(-100, -100, 200, 200, label));
        assertThat(DoubleStream.of(losses(truths(0, crowd, crowd)))).allMatch(loss -> loss == 0);
    }

    @Test
    void theClassOfACrowdDoesNotMatter() {
        TrueInstance first = TrueInstance.crowd(0, 0, 32, 14, 0);
        TrueInstance unnamed = TrueInstance.crowd(0, 0, 32, 14, DenseSamples.UNNAMED);
        double[] losses = losses(truths(0, List.of(OBJECT, first), List.of(first)));
        assertThat(losses(truths(0, List.of(OBJECT, unnamed), List.of(unnamed))))
                .containsExactly(losses);
        assertThat(losses(truths(0, List.of(OBJECT), List.of()))).isNotEqualTo(losses);
    }

    @Test
    void anObjectWithoutMaskTeachesItsBoxAlone() {
        double[] losses = losses(truths(0, List.of(OBJECT), List.of()));
        assertThat(losses[3]).isPositive();
        assertThat(losses[4]).isZero();
    }

    @Test
    void drawsDependOnTheStepAlone() {
        double[] first = losses(truths(0, List.of(OBJECT), List.of()));
        assertThat(losses(truths(0, List.of(OBJECT), List.of()))).containsExactly(first);
        assertThat(losses(truths(1, List.of(OBJECT), List.of()))).isNotEqualTo(first);
    }

    @Test
    void detectionsLieInTheirImagesAndComeSurestFirst() {
        List<NDArray> maps = maps(2);
        Pass pass = Pass.evaluation();
        ImageSizes sizes = new ImageSizes(ImmutableIntArray.of(32, 32, 20, 24));
        List<Regions> proposals = network.proposals(network.predict(maps, pass), sizes, pass);
        List<FoundObject> found = heads.detect(maps, proposals, sizes, pass).get(1);
        assertThat(found).isNotEmpty().hasSizeLessThanOrEqualTo(10);
        for (int i = 0; i < found.size(); i++) {
            FoundObject object = found.get(i);
            assertThat(object.box().x1()).isNotNegative();
            assertThat(object.box().x2()).isLessThanOrEqualTo(24);
            assertThat(object.box().y2()).isLessThanOrEqualTo(20);
            assertThat(object.score())
                    .isBetween(0.05, i == 0 ? 1 : found.get(i - 1).score());
            assertThat(object.maskDetection().region().area()).isLessThanOrEqualTo(480);
        }
        assertThat(heads.detect(maps, List.of(regions(), regions()), sizes, pass))
                .containsExactly(List.of(), List.of());
    }

    @Test
    void aPastedMaskIsReadBetweenTheCentersOfItsCells() {
        // The left half is sure, the right half is not: the border lies in the middle of the box.
        double[] cells = {1, 0, 1, 0};
        Mask.RunLengths mask = new PastedMask(cells, 2, new Region.Box(2, 1, 10, 9)).in(10, 12, 3);
        BitSet expected = new BitSet();
        for (int x = 2; x < 10; x++) {
            for (int y = 1; y < 9; y++) {
                expected.set(x * 10 + y, value(cells, (x - 1.5) / 4 - 0.5, (y - 0.5) / 4 - 0.5) >= 0.5);
            }
        }
        assertThat(mask.pixels()).isEqualTo(expected);
        assertThat(mask.pixels().get(3 * 10 + 5)).isTrue();
        assertThat(mask.pixels().get(9 * 10 + 5)).isFalse();
    }

    /** Bilinear reading with zeros beyond the 2 x 2 cells, as a sum over all cells. */
    private static double value(double[] cells, double u, double v) {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            int row = i / 2;
            sum += cells[i] * Math.max(0, 1 - Math.abs(u - i % 2)) * Math.max(0, 1 - Math.abs(v - row));
        }
        return sum;
    }

    @Test
    void truthsThatDoNotFitAreRefused() {
        List<TrueInstance> other = List.of(TrueInstance.of(4, 6, 21, 30, 2));
        assertThatThrownBy(() -> losses(truths(0, other, List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("class 2, but the detector was made for 2 classes");
        assertThatThrownBy(() -> TrueInstance.of(4, 6, 4, 30, 2)).hasMessageContaining("area");
        assertThatThrownBy(() -> TrueInstance.of(4, 6, 5, 30, -1)).hasMessageContaining("negative");
        assertThatThrownBy(() -> TrueInstance.of(4, 6, 5, 30, DenseSamples.UNNAMED))
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> truths(0, List.of(withMask(OBJECT, 32, 31)), List.of()))
                .hasMessageContaining("32 x 32 pixels: 32 x 31");
        assertThatThrownBy(() -> Truths.of(0, 4, 0, List.of(List.of()))).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new RegionHeads(4, STRIDES, 0, regionConfig())).hasMessageContaining("one class");
        assertThatThrownBy(() -> new ProposalNetwork(4, List.of(8), proposalConfig()))
                .hasMessageContaining("each of 1 maps: 2");
    }

    @Test
    void mixedPrecisionStaysNear() {
        ProposalNetwork single = new ProposalNetwork(4, STRIDES, proposalConfig());
        RegionHeads singleHeads = new RegionHeads(4, STRIDES, 2, regionConfig());
        single.initialize(manager, DataType.FLOAT32);
        singleHeads.initialize(manager, DataType.FLOAT32);
        TruthBatch truths = truths(0, List.of(withMask(OBJECT, 32, 32)), List.of(OBJECT));
        List<NDArray> maps =
                maps(2).stream().map(map -> map.toType(DataType.FLOAT32, false)).toList();
        List<Regions> proposals = List.of(regions(3, 5, 20, 31), regions(10, 10, 30, 25));
        double[] exact = new double[5];
        for (Precision precision : List.of(Precision.FLOAT32, Precision.MIXED)) {
            Pass pass = Pass.training(precision);
            ProposalNetwork.Loss first = single.loss(single.predict(maps, pass), truths);
            RegionHeads.Loss second = singleHeads.loss(maps, proposals, truths, pass);
            List<NDArray> all = List.of(
                    first.objectness(),
                    first.boxes(),
                    second.classes(),
                    second.boxes(),
                    Objects.requireNonNull(second.masks()));
            for (int i = 0; i < all.size(); i++) {
                double value = Gradients.scalar(all.get(i));
                exact[i] = precision == Precision.FLOAT32 ? value : exact[i];
                assertThat(value).isCloseTo(exact[i], within(0.03 * exact[i]));
            }
        }
    }
}
