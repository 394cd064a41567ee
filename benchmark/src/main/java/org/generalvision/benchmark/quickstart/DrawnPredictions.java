package org.generalvision.benchmark.quickstart;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.generalvision.data.augment.Normalize;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleBuilder;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.example.Mask;
import org.generalvision.data.inspect.Pictures;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.EvaluationPass;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.load.Quarantine;
import org.generalvision.metric.Region;
import org.generalvision.report.Cards;
import org.generalvision.report.Gallery;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertTask;
import org.generalvision.upstream.expert.HeadedCheckpoint;
import org.generalvision.upstream.expert.Prediction;
import org.generalvision.upstream.head.FoundObject;

/** What trained networks see in the first held-out scenes, as pictures. */
final class DrawnPredictions {
    private static final int SCENES = 4;

    /** Objects that a network is less sure of are not drawn. */
    private static final double LEAST_SCORE = 0.3;

    private static final double METRES_PER_UNIT = 0.001;
    private static final int MOST_UNITS = 0xFFFF;

    private final Path cache;
    private final List<List<Gallery.Picture>> panels = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    private DrawnPredictions(Path cache) {
        this.cache = cache;
    }

    /**
     * A card for each scene and model: boxes and masks of its detection, classes of pixels, and depth.
     *
     * @param models experts of one task each count as one
     * @param cache for the starter corpus
     */
    static Cards of(List<TaskModel> models, Path cache, NDManager owner) {
        DrawnPredictions drawn = new DrawnPredictions(cache);
        drawn.addTruth(models);
        List<TaskModel> experts = models.stream()
                .filter(model -> model.trained().recipe() instanceof UpstreamRecipe.Expert)
                .toList();
        drawn.add("the experts", experts, owner);
        models.stream()
                .filter(model -> !experts.contains(model))
                .forEach(model -> drawn.add(model.name(), List.of(model), owner));
        return drawn.cards();
    }

    private Cards cards() {
        List<Cards.Card> cards = new ArrayList<>();
        for (int scene = 0; scene < SCENES; scene++) {
            for (int i = 0; i < names.size(); i++) {
                cards.add(new Cards.Card(
                        panels.get(i * SCENES + scene), "scene %d, %s".formatted(scene + 1, names.get(i)), List.of()));
            }
        }
        return new Cards(cards);
    }

    private void addTruth(List<TaskModel> models) {
        ExpertDataSet scenes = models.stream()
                .flatMap(model -> model.dataSets().stream())
                .filter(set -> !(set.task() instanceof ExpertTask.Classification))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No model was trained on scenes"));
        names.add("as it is");
        try (ExampleSource source = scenes.heldOut().open(cache);
                Pictures pictures = new Pictures()) {
            for (int i = 0; i < SCENES; i++) {
                panels.add(pictures.panels(source.get(i)));
            }
        }
    }

    private void add(String name, List<TaskModel> models, NDManager owner) {
        List<List<Gallery.Picture>> scenes = new ArrayList<>();
        for (int i = 0; i < SCENES; i++) {
            scenes.add(new ArrayList<>());
        }
        for (TaskModel model : models) {
            try (NDManager manager = owner.newSubManager()) {
                HeadedCheckpoint opened =
                        UpstreamRecipe.openHeaded(model.trained().checkpoint().path(), manager);
                for (ExpertDataSet set : opened.dataSets()) {
                    if (!(set.task() instanceof ExpertTask.Classification)) {
                        draw(opened, set, model.trained().directory(), scenes, manager);
                    }
                }
            }
        }
        names.add(name);
        panels.addAll(scenes);
    }

    private void draw(
            HeadedCheckpoint model,
            ExpertDataSet set,
            Path directory,
            List<List<Gallery.Picture>> scenes,
            NDManager manager) {
        LoaderConfig loader = new LoaderConfig(0, SCENES, 1, 1, 0);
        Quarantine none = new Quarantine(directory.resolve("quarantine-drawn.jsonl"), SCENES, 0);
        try (ExampleSource source = set.heldOut().open(cache);
                Pictures pictures = new Pictures();
                EvaluationPass pass = EvaluationPass.over(
                        source,
                        LongStream.range(0, SCENES).toArray(),
                        set.task().format(set.heldOutView()),
                        loader,
                        none)) {
            Batch batch = pass.next(manager);
            NDArray images = batch.get("image");
            List<? extends Prediction> predictions = model.network()
                    .head(set.name())
                    .predict(model.network().features(set.name(), images, model.pass()), batch);
            for (int i = 0; i < predictions.size(); i++) {
                ByteBuffer png = png(image(images.get(i), set.heldOutView().normalize()));
                Example seen = seen(png, predictions.get(i), set.task());
                List<Gallery.Picture> drawn = pictures.panels(seen);
                // The image alone says nothing of pixels and depth.
                boolean objects = predictions.get(i) instanceof Prediction.Objects;
                scenes.get(i).addAll(objects ? drawn : drawn.subList(1, drawn.size()));
            }
        }
    }

    /** The image as the network saw it: (3, H, W), normalized, to pixels. */
    private static BufferedImage image(NDArray normalized, Normalize normalize) {
        int height = Math.toIntExact(normalized.getShape().get(1));
        int width = Math.toIntExact(normalized.getShape().get(2));
        float[] values = normalized.toFloatArray();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int at = 0; at < height * width; at++) {
            int color = 0;
            for (int channel = 0; channel < 3; channel++) {
                double share = values[channel * height * width + at]
                                * normalize.deviation().get(channel)
                        + normalize.mean().get(channel);
                color = color << 8 | (int) Math.max(0, Math.min(255, Math.round(255 * share)));
            }
            image.setRGB(at % width, at / width, color);
        }
        return image;
    }

    private static Example seen(ByteBuffer png, Prediction prediction, ExpertTask task) {
        ExampleBuilder seen = Example.builder("prediction", png, "quickstart", "CC0-1.0");
        if (prediction instanceof Prediction.Objects objects) {
            List<FoundObject> sure = objects.found().stream()
                    .filter(found -> found.score() >= LEAST_SCORE)
                    .toList();
            seen.boxes(IntStream.range(0, sure.size())
                    .mapToObj(i -> box(sure.get(i), task.classes()))
                    .toList());
            seen.masks(masks(sure, task.classes()));
        } else if (prediction instanceof Prediction.Segments segments) {
            seen.masks(masks(segments, task.classes()));
        } else if (prediction instanceof Prediction.Depths depths) {
            seen.depth(new Example.Depth(png(depth(depths)), METRES_PER_UNIT));
        }
        return seen.build();
    }

    private static Example.Box box(FoundObject found, List<String> classes) {
        Region.Box box = found.box();
        return new Example.Box(box.x1(), box.y1(), box.x2(), box.y2(), classes.get(found.label()), false);
    }

    private static List<Mask> masks(List<FoundObject> sure, List<String> classes) {
        List<Mask> masks = new ArrayList<>();
        for (int i = 0; i < sure.size(); i++) {
            Mask.RunLengths mask = sure.get(i).mask();
            if (mask != null) {
                masks.add(Mask.RunLengths.of(
                        mask.height(),
                        mask.width(),
                        mask.pixels(),
                        classes.get(sure.get(i).label()),
                        i));
            }
        }
        return masks;
    }

    /** A mask for each class but background, which is class 0. */
    private static List<Mask> masks(Prediction.Segments segments, List<String> classes) {
        List<Mask> masks = new ArrayList<>();
        TreeSet<Integer> present = new TreeSet<>();
        segments.classes().stream().filter(label -> label > 0).forEach(present::add);
        for (int label : present) {
            BitSet pixels = new BitSet();
            for (int y = 0; y < segments.height(); y++) {
                for (int x = 0; x < segments.width(); x++) {
                    pixels.set(x * segments.height() + y, segments.classes().get(y * segments.width() + x) == label);
                }
            }
            masks.add(Mask.RunLengths.of(segments.height(), segments.width(), pixels, classes.get(label - 1), null));
        }
        return masks;
    }

    private static BufferedImage depth(Prediction.Depths depths) {
        BufferedImage image = new BufferedImage(depths.width(), depths.height(), BufferedImage.TYPE_USHORT_GRAY);
        for (int at = 0; at < depths.metres().length(); at++) {
            long units = Math.round(depths.metres().get(at) / METRES_PER_UNIT);
            image.getRaster().setSample(at % depths.width(), at / depths.width(), 0, (int)
                    Math.max(1, Math.min(MOST_UNITS, units)));
        }
        return image;
    }

    private static ByteBuffer png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot encode a picture", e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
