package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableDoubleArray;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.augment.Augmentation;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.CenterCrop;
import org.generalvision.data.augment.Crop;
import org.generalvision.data.augment.HorizontalFlip;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.augment.RandomResizedCrop;
import org.generalvision.data.augment.Range;
import org.generalvision.data.augment.WholeImage;
import org.generalvision.data.propose.ProposalStore;
import org.generalvision.data.propose.SelectiveSearch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Red is twice the column and green twice the row of the stored image, so a view says itself where its pixels come from. */
class RegionSamplesTest {
    private static final int HEIGHT = 80;
    private static final int WIDTH = 120;
    private static final List<Augmentation> FLIP = List.of(new HorizontalFlip(0.5));
    private static final RegionChoice STILL = new RegionChoice(4, 0.5, 0, 0);
    private static final SelectiveSearch SEARCH =
            new SelectiveSearch(96, 150, 150, 0.8, new Range(1.0 / 3, 3), new Range(0.3, 0.8));
    private static final Crop PART = new RandomResizedCrop(48, 48, new Range(0.5, 1), new Range(0.75, 1.3333));

    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    private static ByteBuffer ramps() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                image.setRGB(x, y, ((2 * x) << 16) | ((2 * y) << 8));
            }
        }
        return Pictures.png(image);
    }

    private static ImageView view(Crop crop, List<Augmentation> augmentations) {
        return new ImageView(crop, augmentations, Pictures.identity(), Background.WHITE);
    }

    private static RegionViews views() {
        return new RegionViews(
                view(new WholeImage(48, 48), FLIP), view(PART, FLIP), view(new WholeImage(32, 32), FLIP));
    }

    /** A batch of one image of given proposals; none: those of the search itself. */
    private Batch batch(RegionChoice choice, ByteBuffer image, ImmutableDoubleArray proposals, int epoch) {
        MemorySource source = new MemorySource();
        source.add(MemorySource.example(0, image, "regions"));
        Quarantine quarantine = new Quarantine(folder.resolve("quarantine"), 1, 1);
        String name = "source " + image.remaining() + proposals;
        try (ProposalStore store = ProposalStore.open(folder.resolve("store"), name, 1, SEARCH)) {
            if (proposals.length() > 0) {
                store.get(0, () -> proposals);
            }
            RegionSamples format = new RegionSamples(views(), SEARCH, choice, store);
            try (Loader loader = new Loader(source, format, new LoaderConfig(3, 1, 1, 1, 1), quarantine)) {
                loader.seek(epoch);
                Batch batch = loader.next(manager);
                return new Batch(
                        batch.step(),
                        batch.epoch(),
                        batch.ids(),
                        Maps.transformValues(batch.arrays(), NDArray::duplicate));
            }
        }
    }

    /** The place in the stored image that a place of a view shows, read off its colors. */
    private static double stored(Batch batch, String image, int channel, double place, boolean ofColumn) {
        NDArray view = batch.get(image);
        int side = (int) view.getShape().get(2);
        int cell = (int) Math.min(side - 1, Math.max(0, Math.floor(place)));
        int column = ofColumn ? cell : side / 2;
        int row = ofColumn ? side / 2 : cell;
        float[] pixels = view.toFloatArray();
        double center = pixels[channel * side * side + row * side + column] * 255 / 2;
        int next = cell + 1 < side ? 1 : -1;
        double there = pixels[
                        channel * side * side
                                + (ofColumn ? row : row + next) * side
                                + (ofColumn ? column + next : column)]
                * 255
                / 2;
        // The color is that of the middle of a pixel.
        return center + 0.5 + (place - cell - 0.5) * (there - center) * next;
    }

    private static double[] inStored(Batch batch, String image, String boxes, int region) {
        float[] box = batch.get(boxes).toFloatArray();
        double a = stored(batch, image, 0, box[4 * region], true);
        double b = stored(batch, image, 0, box[4 * region + 2], true);
        return new double[] {
            Math.min(a, b),
            stored(batch, image, 1, box[4 * region + 1], false),
            Math.max(a, b),
            stored(batch, image, 1, box[4 * region + 3], false)
        };
    }

    @Test
    void aRegionIsTheSamePartOfTheImageInAllViews() {
        ImmutableDoubleArray proposals = ImmutableDoubleArray.of(
                20, 20, 70, 60, 40, 10, 90, 50, 30, 30, 80, 70, 60, 20, 100, 60, 10, 15, 60, 45);
        for (int epoch = 0; epoch < 20; epoch++) {
            Batch batch = batch(STILL, ramps(), proposals, epoch);
            for (int region = 0; region < 4; region++) {
                double[] first = inStored(batch, "image", "boxes", region);
                double[] second = inStored(batch, "image2", "boxes2", region);
                double[] third = inStored(batch, "image3", "boxes3", region);
                for (int side = 0; side < 4; side++) {
                    assertThat(second[side]).isCloseTo(first[side], within(2.5));
                    assertThat(third[side]).isCloseTo(first[side], within(2.5));
                }
                assertThat(overlapsOne(first, proposals)).isTrue();
            }
        }
    }

    /** Whether a region is a proposal or at least half of one. */
    private static boolean overlapsOne(double[] region, ImmutableDoubleArray proposals) {
        for (int i = 0; i < proposals.length(); i += 4) {
            double slack = 2.5;
            boolean inside = region[0] >= proposals.get(i) - slack
                    && region[1] >= proposals.get(i + 1) - slack
                    && region[2] <= proposals.get(i + 2) + slack
                    && region[3] <= proposals.get(i + 3) + slack;
            double area = (region[2] - region[0]) * (region[3] - region[1]);
            double whole = (proposals.get(i + 2) - proposals.get(i)) * (proposals.get(i + 3) - proposals.get(i + 1));
            if (inside && area > 0.4 * whole) {
                return true;
            }
        }
        return false;
    }

    /** The whole image in all three views: the numbers of the boxes follow from its size alone. */
    @Test
    void boxesOfWholeImagesAreTheProposalsTimesTheScale() {
        RegionViews still = new RegionViews(
                view(new WholeImage(48, 48), List.of()),
                view(new WholeImage(40, 60), List.of()),
                view(new WholeImage(32, 24), List.of()));
        MemorySource source = new MemorySource();
        source.add(MemorySource.example(0, ramps(), "regions"));
        try (ProposalStore store = ProposalStore.open(folder.resolve("store"), "whole", 1, SEARCH)) {
            store.get(0, () -> ImmutableDoubleArray.of(30, 20, 90, 60));
            RegionSamples format = new RegionSamples(still, SEARCH, new RegionChoice(1, 0.5, 0, 0), store);
            try (Loader loader = new Loader(
                    source,
                    format,
                    new LoaderConfig(3, 1, 1, 1, 1),
                    new Quarantine(folder.resolve("quarantine"), 1, 1))) {
                Batch batch = loader.next(manager);
                assertThat(batch.get("boxes").toFloatArray()).containsExactly(12, 12, 36, 36);
                assertThat(batch.get("boxes2").toFloatArray()).containsExactly(15, 10, 45, 30);
                assertThat(batch.get("boxes3").toFloatArray()).containsExactly(6, 8, 18, 24);
            }
        }
    }

    @Test
    void eachViewMovesItsBoxesByTheShareAllowed() {
        ImmutableDoubleArray proposal = ImmutableDoubleArray.of(40, 20, 80, 60);
        RegionChoice moving = new RegionChoice(1, 0.01, 1, 0.1);
        int moved = 0;
        for (int epoch = 0; epoch < 20; epoch++) {
            float[] still = batch(new RegionChoice(1, 0.01, 0, 0.1), ramps(), proposal, epoch)
                    .get("boxes")
                    .toFloatArray();
            Batch batch = batch(moving, ramps(), proposal, epoch);
            float[] boxes = batch.get("boxes").toFloatArray();
            double width = still[2] - still[0];
            assertThat((double) boxes[2] - boxes[0]).isBetween(0.9 * width - 1e-3, 1.1 * width + 1e-3);
            moved += Math.abs(boxes[0] - still[0]) > 1e-3 ? 1 : 0;
            assertThat(batch.get("boxes2").toFloatArray()).isNotEqualTo(boxes);
        }
        assertThat(moved).isEqualTo(20);
    }

    /** An image of one color has no proposal: regions of the shape and size of proposals are drawn at random. */
    @Test
    void anImageWithoutProposalsGetsRandomRegions() {
        ByteBuffer plain = Pictures.png(Pictures.plain(64, 64, 0xFF336699));
        for (int epoch = 0; epoch < 10; epoch++) {
            Batch batch = batch(STILL, plain, ImmutableDoubleArray.of(), epoch);
            float[] boxes = batch.get("boxes3").toFloatArray();
            for (int i = 0; i < boxes.length; i += 4) {
                double width = boxes[i + 2] - boxes[i];
                double height = boxes[i + 3] - boxes[i + 1];
                // The size is that of the limits up to the sides of the view, where a long shape is cut.
                assertThat(Math.sqrt(width * height) / 32).isBetween(0.3 * 0.7, 0.8 + 1e-6);
                assertThat(boxes[i]).isBetween(0f, 32f);
                assertThat(boxes[i + 3]).isBetween(0f, 32f);
            }
            assertThat(boxes[0]).isNotEqualTo(boxes[4]);
        }
        float[] once =
                batch(STILL, plain, ImmutableDoubleArray.of(), 0).get("boxes").toFloatArray();
        assertThat(batch(STILL, plain, ImmutableDoubleArray.of(), 0)
                        .get("boxes")
                        .toFloatArray())
                .isEqualTo(once);
    }

    @Test
    void viewsAndChoicesThatDoNotFitAreRefused() {
        ImageView whole = view(new WholeImage(48, 48), FLIP);
        ImageView part = view(PART, FLIP);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegionViews(part, part, whole))
                .withMessageContaining("first.crop must be of kind whole-image");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegionViews(whole, view(new CenterCrop(48, 48), FLIP), whole))
                .withMessageContaining("second.crop");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegionViews(whole, part, part))
                .withMessageContaining("third.crop");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegionChoice(0, 0.5, 0, 0))
                .withMessageContaining("number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegionChoice(4, 0, 0, 0))
                .withMessageContaining("leastVisible");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegionChoice(4, 0.5, 2, 0))
                .withMessageContaining("jitterProbability");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegionChoice(4, 0.5, 0, 0.5))
                .withMessageContaining("jitter must lie");
    }
}
