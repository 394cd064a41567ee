package org.generalvision.zoo;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.generalvision.metanet.MetaNet;
import org.generalvision.metanet.MetaNetConfig;
import org.generalvision.nn.Backbone;

/** Every network that can be made by name. Adding one is adding a line to the table. */
public final class ZooCatalog {
    private static final String METANET = "arXiv 2111.08687, OpenGVLab/gv-benchmark";
    private static final String RESNET = "arXiv 1512.03385, pytorch/vision";
    private static final String CLIP = "arXiv 2103.00020, openai/CLIP";

    private static final ImmutableMap<String, ZooEntry> ENTRIES = Maps.uniqueIndex(
            List.of(
                    metaNet("mn-n", 0, 64, MetaNetConfig.N),
                    metaNet("mn-b4", 1000, 224, MetaNetConfig.B4),
                    metaNet("mn-b15", 1000, 224, MetaNetConfig.B15),
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

    private static ZooEntry metaNet(String name, int classes, int resolution, MetaNetConfig config) {
        return entry(name, classes, resolution, METANET, (k, r) -> new MetaNet(config, k));
    }

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
     * @throws IllegalArgumentException if there is no such network; the message names the closest ones
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
     * @throws IllegalArgumentException if there is no such network; the message names the closest ones
     */
    public static ZooEntry entry(String name) {
        String key = key(name);
        String published = ALIASES.getOrDefault(key, key);
        for (ZooEntry entry : ENTRIES.values()) {
            if (key(entry.name()).equals(published)) {
                return entry;
            }
        }
        throw new IllegalArgumentException("There is no network called '" + name + "'. Closest: "
                + String.join(", ", closest(key)) + ". 'gv zoo list' shows all of them.");
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static List<String> closest(String key) {
        return names().stream()
                .sorted(Comparator.comparingInt(name -> editDistance(key(name), key)))
                .limit(3)
                .toList();
    }

    /** Least number of insertions, deletions and replacements of one character (Levenshtein). */
    private static int editDistance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
