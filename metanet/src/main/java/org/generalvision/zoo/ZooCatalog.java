package org.generalvision.zoo;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.generalvision.metanet.MetaNet;
import org.generalvision.metanet.MetaNetConfig;
import org.generalvision.nn.Backbone;
import org.generalvision.recipe.Spelling;

/** Every network that can be made by name. Adding one is adding a line to the table. */
public final class ZooCatalog {
    private static final String METANET = "arXiv 2111.08687, OpenGVLab/gv-benchmark";
    private static final String RESNET = "arXiv 1512.03385, pytorch/vision";
    private static final String CLIP = "arXiv 2103.00020, openai/CLIP";

    private static final ImmutableMap<String, ZooEntry> ENTRIES = Maps.uniqueIndex(
            List.of(
                    entry("mn-n", 0, 64, "here, after MN-B4", (k, r) -> new MetaNet(MetaNetConfig.N, k)),
                    entry("mn-b4", 1000, 224, METANET, (k, r) -> new MetaNet(MetaNetConfig.B4, k)),
                    entry("mn-b15", 1000, 224, METANET, (k, r) -> new MetaNet(MetaNetConfig.B15, k)),
                    entry("resnet18", 1000, 224, RESNET, (k, r) -> ResNet.ofBasicBlocks(List.of(2, 2, 2, 2), k)),
                    entry("resnet34", 1000, 224, RESNET, (k, r) -> ResNet.ofBasicBlocks(List.of(3, 4, 6, 3), k)),
                    entry("resnet50", 1000, 224, RESNET, (k, r) -> ResNet.ofBottlenecks(List.of(3, 4, 6, 3), k)),
                    entry("resnet101", 1000, 224, RESNET, (k, r) -> ResNet.ofBottlenecks(List.of(3, 4, 23, 3), k)),
                    entry("resnet152", 1000, 224, RESNET, (k, r) -> ResNet.ofBottlenecks(List.of(3, 8, 36, 3), k)),
                    entry("clip-resnet50", 0, 224, CLIP, (k, r) -> clip(64, List.of(3, 4, 6, 3), 1024, k, r))),
            ZooEntry::name);

    /** Other names of some networks; both sides in letters and digits only. */
    private static final Map<String, String> ALIASES =
            Map.of("cliprn50", "clipresnet50", "metanetn", "mnn", "metanetb4", "mnb4", "metanetb15", "mnb15");

    private ZooCatalog() {}

    private static ZooEntry entry(
            String name, int classes, int resolution, String source, ZooEntry.Architecture architecture) {
        return new ZooEntry(name, classes, resolution, source, architecture);
    }

    private static Backbone clip(int width, List<Integer> repeats, int embedding, int classes, int resolution) {
        return new ClipResNet(new ClipResNet.Config(width, repeats, embedding, resolution), classes);
    }

    /** The names of all networks, in the order of the table. */
    public static List<String> names() {
        return ENTRIES.keySet().asList();
    }

    /**
     * Makes a network that is not yet initialized.
     *
     * @param name a name of {@link #names}, in any case and with any punctuation
     * @param classes number of classes, or 0 for a network without classifier
     * @param resolution side of the square pictures it will see, in pixels
     * @throws IllegalArgumentException if there is no such network; the message names the closest one
     */
    public static Backbone create(String name, int classes, int resolution) {
        if (classes < 0) {
            throw new IllegalArgumentException("The number of classes must not be negative: " + classes);
        }
        if (resolution < 1) {
            throw new IllegalArgumentException("The resolution must be at least 1 pixel: " + resolution);
        }
        return entry(name).architecture().create(classes, resolution);
    }

    /**
     * The entry of a name, in any case and with any punctuation.
     *
     * @throws IllegalArgumentException if there is no such network; the message names the closest one
     */
    public static ZooEntry entry(String name) {
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
