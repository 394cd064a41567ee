package org.generalvision.data.load;

import com.google.common.primitives.ImmutableDoubleArray;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.Crop;
import org.generalvision.data.augment.ImageRenderer;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.augment.Range;
import org.generalvision.data.augment.ViewGeometry;
import org.generalvision.data.example.Example;
import org.generalvision.data.propose.RegionProposer;

/** Writes what {@link RegionSamples} describes. */
final class RegionReader implements SampleReader {
    private static final int SECOND = 1;

    private final RegionSamples format;
    private final ImageRenderer renderer;
    private final RegionProposer proposer;

    RegionReader(RegionSamples format) {
        this.format = format;
        renderer = new ImageRenderer(format.views().all());
        proposer = new RegionProposer(format.search());
    }

    /** A part of the stored image, in its pixels. */
    record Part(double x1, double y1, double x2, double y2) {
        double width() {
            return x2 - x1;
        }

        double height() {
            return y2 - y1;
        }

        double area() {
            return Math.max(0, width()) * Math.max(0, height());
        }

        Part within(Part other) {
            return new Part(
                    Math.max(x1, other.x1), Math.max(y1, other.y1), Math.min(x2, other.x2), Math.min(y2, other.y2));
        }
    }

    @Override
    public void read(Example example, Draws draws, Row row) {
        List<RandomStream> streams = new ArrayList<>();
        List<ByteBuffer> targets = new ArrayList<>();
        for (String name : RegionSamples.IMAGES) {
            streams.add(draws.of(name));
            targets.add(row.get(name));
        }
        renderer.render(example.image(), (height, width) -> windows(height, width, streams), streams, targets);
        ImmutableDoubleArray proposals = format.store().get(draws.sample(), () -> proposer.propose(example.image()));
        List<Part> regions = choose(proposals, seen(renderer.geometry(SECOND)), draws.of("regions"));
        for (int view = 0; view < RegionSamples.BOXES.size(); view++) {
            String name = RegionSamples.BOXES.get(view);
            write(
                    regions,
                    renderer.geometry(view),
                    draws.of(name),
                    row.get(name).asFloatBuffer());
        }
    }

    private List<Crop.Window> windows(int height, int width, List<RandomStream> streams) {
        Crop.Window first = format.views().first().crop().window(height, width, streams.get(0));
        Crop.Window second = format.views().second().crop().window(height, width, streams.get(1));
        return List.of(first, second, format.views().third(second));
    }

    private static Part seen(ViewGeometry geometry) {
        Crop.Window window = geometry.window();
        return new Part(window.left(), window.top(), window.left() + window.width(), window.top() + window.height());
    }

    /** So many regions as are asked for, no proposal twice. */
    private List<Part> choose(ImmutableDoubleArray proposals, Part seen, RandomGenerator random) {
        List<Part> visible = new ArrayList<>();
        for (int i = 0; i < proposals.length(); i += 4) {
            Part whole = new Part(proposals.get(i), proposals.get(i + 1), proposals.get(i + 2), proposals.get(i + 3));
            Part part = whole.within(seen);
            if (part.area() > 0 && part.area() >= format.choice().leastVisible() * whole.area()) {
                visible.add(part);
            }
        }
        List<Part> chosen = new ArrayList<>();
        while (chosen.size() < format.choice().number() && !visible.isEmpty()) {
            chosen.add(visible.remove(random.nextInt(visible.size())));
        }
        while (chosen.size() < format.choice().number()) {
            chosen.add(anywhere(seen, random));
        }
        return chosen;
    }

    private Part anywhere(Part seen, RandomGenerator random) {
        Range ratio = format.search().ratio();
        double side = Math.sqrt(seen.area()) * format.search().size().draw(random);
        double shape = Math.exp(new Range(Math.log(ratio.low()), Math.log(ratio.high())).draw(random));
        double width = Math.min(seen.width(), side * Math.sqrt(shape));
        double height = Math.min(seen.height(), side / Math.sqrt(shape));
        double x = seen.x1() + random.nextDouble() * (seen.width() - width);
        double y = seen.y1() + random.nextDouble() * (seen.height() - height);
        return new Part(x, y, x + width, y + height);
    }

    private void write(List<Part> regions, ViewGeometry geometry, RandomGenerator random, FloatBuffer target) {
        for (int i = 0; i < regions.size(); i++) {
            Part moved = jittered(regions.get(i), random);
            ViewBox box = viewBox(moved, geometry);
            // A jitter that leaves next to nothing within the view is not taken.
            (box.isEmpty() ? viewBox(regions.get(i), geometry) : box).write(target, 4 * i);
        }
    }

    private static ViewBox viewBox(Part part, ViewGeometry geometry) {
        return ViewBox.of(new Example.Box(part.x1, part.y1, part.x2, part.y2, "", false), geometry);
    }

    /** Moves corner and sides as SoCo does (section 3.2); always takes the same number of draws. */
    private Part jittered(Part region, RandomGenerator random) {
        boolean moves = random.nextDouble() < format.choice().jitterProbability();
        double[] shares = new double[4];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = format.choice().jitter() * (2 * random.nextDouble() - 1);
        }
        if (!moves) {
            return region;
        }
        double x = region.x1 + shares[0] * region.width();
        double y = region.y1 + shares[1] * region.height();
        double width = (1 + shares[2]) * region.width();
        double height = (1 + shares[3]) * region.height();
        return new Part(x, y, x + width, y + height);
    }

    @Override
    public void close() {
        renderer.close();
        proposer.close();
    }
}
