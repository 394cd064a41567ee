package org.generalvision.zoo;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.List;
import java.util.Locale;
import org.generalvision.metanet.Architecture;
import org.generalvision.metanet.NetworkRecipe;
import org.generalvision.nn.Backbone;
import org.generalvision.recipe.Recipe;
import org.generalvision.recipe.Spelling;

/** Every network that can be made by name. Adding one is adding a line to the table. */
public final class ZooCatalog {
    private static final String RESNET = "arXiv 1512.03385, pytorch/vision";
    private static final String CLIP = "arXiv 2103.00020, openai/CLIP";
    private static final String MOBILENET = "arXiv 1801.04381, pytorch/vision";
    private static final String EFFICIENTNET = "arXiv 1905.11946, pytorch/vision";
    private static final String VIT = "arXiv 2010.11929, huggingface/pytorch-image-models";
    private static final String SWIN = "arXiv 2103.14030, microsoft/Swin-Transformer";
    private static final String CONVNEXT = "arXiv 2201.03545, facebookresearch/ConvNeXt";
    private static final String MIXER = "arXiv 2105.01601, google-research/vision_transformer";

    /** For networks that are stored under the names of this zoo alone. */
    private static final List<NameDialect> OWN = List.of(NameDialect.OWN);

    private static final ImmutableMap<String, ZooEntry> ENTRIES = Maps.uniqueIndex(
            List.of(
                    member("mn-n"),
                    member("mn-b4"),
                    member("mn-b15"),
                    member("uninet-b0"),
                    member("uninet-b1"),
                    member("uninet-b2"),
                    member("uninet-b3"),
                    member("uninet-b4"),
                    member("uninet-b5"),
                    member("uninet-b6"),
                    entry("resnet18", 1000, 224, RESNET, OWN, (k, r) -> ResNet.ofBasicBlocks(List.of(2, 2, 2, 2), k)),
                    entry("resnet34", 1000, 224, RESNET, OWN, (k, r) -> ResNet.ofBasicBlocks(List.of(3, 4, 6, 3), k)),
                    entry("resnet50", 1000, 224, RESNET, OWN, (k, r) -> ResNet.ofBottlenecks(List.of(3, 4, 6, 3), k)),
                    entry("resnet101", 1000, 224, RESNET, OWN, (k, r) -> ResNet.ofBottlenecks(List.of(3, 4, 23, 3), k)),
                    entry("resnet152", 1000, 224, RESNET, OWN, (k, r) -> ResNet.ofBottlenecks(List.of(3, 8, 36, 3), k)),
                    entry(
                            "mobilenetv2-0.75",
                            1000,
                            224,
                            MOBILENET,
                            NameDialect.MOBILENET,
                            (k, r) -> mobileNetV2(0.75, k)),
                    entry("mobilenetv2", 1000, 224, MOBILENET, NameDialect.MOBILENET, (k, r) -> mobileNetV2(1, k)),
                    entry(
                            "efficientnet-b0",
                            1000,
                            224,
                            EFFICIENTNET,
                            NameDialect.EFFICIENTNET,
                            (k, r) -> efficientNet(1, 1, 1e-5, 0.2, k)),
                    entry(
                            "efficientnet-b3",
                            1000,
                            300,
                            EFFICIENTNET,
                            NameDialect.EFFICIENTNET,
                            (k, r) -> efficientNet(1.2, 1.4, 1e-5, 0.3, k)),
                    entry(
                            "efficientnet-b5",
                            1000,
                            456,
                            EFFICIENTNET,
                            NameDialect.EFFICIENTNET,
                            (k, r) -> efficientNet(1.6, 2.2, 1e-3, 0.4, k)),
                    entry("vit-t16", 1000, 224, VIT, NameDialect.VIT, (k, r) -> vit(192, 12, 3, 16, k, r)),
                    entry("vit-s16", 1000, 224, VIT, NameDialect.VIT, (k, r) -> vit(384, 12, 6, 16, k, r)),
                    entry("vit-b16", 1000, 224, VIT, NameDialect.VIT, (k, r) -> vit(768, 12, 12, 16, k, r)),
                    entry("vit-b32", 1000, 224, VIT, NameDialect.VIT, (k, r) -> vit(768, 12, 12, 32, k, r)),
                    entry("vit-l16", 1000, 224, VIT, NameDialect.VIT, (k, r) -> vit(1024, 24, 16, 16, k, r)),
                    entry("swin-t", 1000, 224, SWIN, NameDialect.SWIN, (k, r) -> swin(List.of(2, 2, 6, 2), 0.2, k)),
                    entry("swin-s", 1000, 224, SWIN, NameDialect.SWIN, (k, r) -> swin(List.of(2, 2, 18, 2), 0.3, k)),
                    entry(
                            "convnext-t",
                            1000,
                            224,
                            CONVNEXT,
                            NameDialect.CONVNEXT,
                            (k, r) -> convNext(List.of(3, 3, 9, 3), 0.1, k)),
                    entry("mixer-b16", 1000, 224, MIXER, OWN, (k, r) -> mixer(768, 12, 16, k, r)),
                    entry("clip-resnet50", 0, 224, CLIP, OWN, (k, r) -> clip(64, List.of(3, 4, 6, 3), 1024, k, r)),
                    entry("clip-resnet50x16", 0, 384, CLIP, OWN, (k, r) -> clip(96, List.of(6, 8, 18, 8), 768, k, r))),
            ZooEntry::name);

    /** Other names of some networks; both sides in letters and digits only. */
    private static final ImmutableMap<String, String> ALIASES = ImmutableMap.<String, String>builder()
            .put("cliprn50", "clipresnet50")
            .put("cliprn50x16", "clipresnet50x16")
            .put("metanetn", "mnn")
            .put("metanetb4", "mnb4")
            .put("metanetb15", "mnb15")
            .put("mobilenetv210", "mobilenetv2")
            .put("mobilenetv2100", "mobilenetv2")
            .put("vittiny16", "vitt16")
            .put("vittinypatch16224", "vitt16")
            .put("vitsmall16", "vits16")
            .put("vitsmallpatch16224", "vits16")
            .put("vitbase16", "vitb16")
            .put("vitbasepatch16224", "vitb16")
            .put("vitbase32", "vitb32")
            .put("vitbasepatch32224", "vitb32")
            .put("vitlarge16", "vitl16")
            .put("vitlargepatch16224", "vitl16")
            .put("swintiny", "swint")
            .put("swintinypatch4window7224", "swint")
            .put("swinsmall", "swins")
            .put("swinsmallpatch4window7224", "swins")
            .put("convnexttiny", "convnextt")
            .put("mixerb16224", "mixerb16")
            .build();

    /** Side of the pictures of a network that is given by its line alone. */
    private static final int LINE_RESOLUTION = 224;

    private ZooCatalog() {}

    private static ZooEntry entry(
            String name,
            int classes,
            int resolution,
            String source,
            List<NameDialect> dialects,
            ZooEntry.Architecture architecture) {
        return new ZooEntry(name, classes, resolution, source, architecture, dialects);
    }

    /** A member of the UniNet and MetaNet family, which a recipe of its name states. */
    private static ZooEntry member(String name) {
        return member(name, NetworkRecipe.shipped(name));
    }

    private static ZooEntry member(String name, NetworkRecipe recipe) {
        return entry(
                name,
                recipe.classes(),
                recipe.resolution(),
                recipe.source(),
                OWN,
                (k, r) -> recipe.architecture().build(k));
    }

    private static Backbone clip(int width, List<Integer> repeats, int embedding, int classes, int resolution) {
        return new ClipResNet(new ClipResNet.Config(width, repeats, embedding, resolution), classes);
    }

    private static Backbone mobileNetV2(double width, int classes) {
        return new InvertedResidualNet(InvertedResidualNet.Config.mobileNetV2(width), classes);
    }

    private static Backbone efficientNet(double width, double depth, double epsilon, double dropout, int classes) {
        return new InvertedResidualNet(
                InvertedResidualNet.Config.efficientNet(width, depth, epsilon, dropout), classes);
    }

    private static Backbone vit(int width, int depth, int heads, int patch, int classes, int resolution) {
        return new VisionTransformer(new VisionTransformer.Config(width, depth, heads, patch, resolution), classes);
    }

    private static Backbone swin(List<Integer> depths, double dropPath, int classes) {
        return new SwinTransformer(new SwinTransformer.Config(96, depths, List.of(3, 6, 12, 24), 7, dropPath), classes);
    }

    private static Backbone convNext(List<Integer> depths, double dropPath, int classes) {
        return new ConvNext(new ConvNext.Config(depths, List.of(96, 192, 384, 768), dropPath), classes);
    }

    private static Backbone mixer(int width, int depth, int patch, int classes, int resolution) {
        return new MlpMixer(new MlpMixer.Config(width, depth, width / 2, 4 * width, patch, resolution), classes);
    }

    /** The names of all networks, in the order of the table. */
    public static List<String> names() {
        return ENTRIES.keySet().asList();
    }

    /**
     * Makes a network that is not yet initialized.
     *
     * @param name whatever {@link #entry(String)} takes
     * @param classes number of classes, or 0 for a network without classifier
     * @param resolution side of the square pictures it will see, in pixels
     * @throws IllegalArgumentException if there is no such network; the message names the closest one
     */
    public static Backbone create(String name, int classes, int resolution) {
        return entry(name).create(classes, resolution);
    }

    /**
     * The entry of a name, in any case and with any punctuation; or a network that is not in the table, by the line of its
     * {@link Architecture} or the path of a recipe ({@code .yaml}) that states one.
     *
     * @throws IllegalArgumentException if there is no such network; the message names the closest one
     */
    public static ZooEntry entry(String name) {
        if (Architecture.isLine(name)) {
            return member(
                    "architecture", new NetworkRecipe(Architecture.parse(name), 0, LINE_RESOLUTION, name.strip()));
        }
        if (name.endsWith(".yaml")) {
            Recipe recipe = Recipe.load(name);
            return member(recipe.name(), recipe.as(NetworkRecipe.class));
        }
        if (name.toLowerCase(Locale.ROOT).startsWith("tf_")) {
            throw new IllegalArgumentException("There is no network called '" + name + "': the tf_ variants pad and"
                    + " normalize in another way and are not in this zoo; use weights of the variant without tf_");
        }
        String key = key(name);
        String published = ALIASES.getOrDefault(key, key);
        for (ZooEntry entry : ENTRIES.values()) {
            if (key(entry.name()).equals(published)) {
                return entry;
            }
        }
        throw new IllegalArgumentException("There is no network called '" + name + "'"
                + Spelling.suggestion(name, names()) + " ('gv zoo list' shows what each costs)");
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
