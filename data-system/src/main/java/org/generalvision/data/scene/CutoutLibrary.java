package org.generalvision.data.scene;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.data.source.Split;

/**
 * The usable cut-outs of one split by class. Each is decoded once at the start, to find those that cannot be used, and kept
 * while there is room. Safe for use by several threads.
 */
final class CutoutLibrary implements AutoCloseable {
    private static final long CACHE_BYTES = 128L << 20;

    private final CutoutData.Opened opened;
    private final Map<String, List<CutoutData.Item>> byLabel = new LinkedHashMap<>();
    private final List<Unusable> unusable = new ArrayList<>();
    private final LoadingCache<CutoutData.Item, Cutout> cache = CacheBuilder.newBuilder()
            .maximumWeight(CACHE_BYTES)
            .weigher((CutoutData.Item item, Cutout cutout) -> cutout.bytes())
            .build(CacheLoader.from(CutoutLibrary::decode));

    private CutoutLibrary(CutoutData.Opened opened) {
        this.opened = opened;
    }

    /**
     * A cut-out that cannot be used.
     *
     * @param reason what is wrong with it
     */
    record Unusable(String id, String reason) {}

    /**
     * Opens the cut-outs of the classes.
     *
     * @param labels classes, in their order
     * @param cache folder for the starter corpus
     * @throws IllegalArgumentException if a class has no usable cut-out
     */
    static CutoutLibrary open(CutoutData data, Split split, List<String> labels, Path cache) {
        CutoutLibrary library = new CutoutLibrary(data.open(split, cache));
        boolean whole = false;
        try {
            library.fill(labels);
            library.requireAll(split);
            whole = true;
            return library;
        } finally {
            if (!whole) {
                library.close();
            }
        }
    }

    private void fill(List<String> labels) {
        labels.forEach(label -> byLabel.put(label, new ArrayList<>()));
        for (CutoutData.Item item : opened.items()) {
            List<CutoutData.Item> items = byLabel.get(item.label());
            if (items == null) {
                continue;
            }
            try {
                // The cache keeps it, or gives it up if there is no room.
                cache.asMap().put(item, decode(item));
                items.add(item);
            } catch (IllegalArgumentException e) {
                unusable.add(new Unusable(item.id(), String.valueOf(e.getMessage())));
            }
        }
    }

    private void requireAll(Split split) {
        List<String> missing =
                byLabel.keySet().stream().filter(label -> sizeOf(label) == 0).toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "No usable cut-out of the split %s is labelled %s%s: take the class out of the recipe or add some"
                            .formatted(split.lowerName(), String.join(", ", missing), firstReason()));
        }
    }

    private String firstReason() {
        return unusable.isEmpty()
                ? ""
                : " (%d cut-outs cannot be used: %s %s)"
                        .formatted(
                                unusable.size(),
                                unusable.get(0).id(),
                                unusable.get(0).reason());
    }

    private static Cutout decode(CutoutData.Item item) {
        return Cutout.of(item, Pixels.decodeCutout(item.bytes().get()));
    }

    /** Usable cut-outs of a class. */
    int sizeOf(String label) {
        return byLabel.getOrDefault(label, List.of()).size();
    }

    Cutout get(String label, int index) {
        return cache.getUnchecked(byLabel.getOrDefault(label, List.of()).get(index));
    }

    /** Cut-outs of the classes that cannot be used, in their order. */
    List<Unusable> unusable() {
        return List.copyOf(unusable);
    }

    @Override
    public void close() {
        cache.invalidateAll();
        opened.close();
    }
}
