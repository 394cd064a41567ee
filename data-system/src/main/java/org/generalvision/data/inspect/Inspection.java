package org.generalvision.data.inspect;

import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.shard.Manifest;
import org.generalvision.report.Page;

/**
 * What a directory of shards holds, without what curation has removed.
 *
 * @param hash of the manifest
 * @param manifest of the shards, removed examples included
 * @param removed examples by the curation step that removed them
 * @param content what is left
 */
public record Inspection(String hash, Manifest manifest, SortedMap<String, Long> removed, Statistics.Summary content) {
    /** Bits in which the perceptual hashes of images that look the same may differ. */
    private static final int DISTANCE = 4;

    /** Looks at every example; {@code progress} runs once for each. */
    public static Inspection of(CuratedSource source, Runnable progress) {
        return look(source, new LabelPicks(), progress);
    }

    private static Inspection look(CuratedSource source, LabelPicks picks, Runnable progress) {
        Statistics statistics = new Statistics();
        for (long i = 0; i < source.size(); i++) {
            statistics.add(source.get(i));
            picks.add(i, source.get(i));
            progress.run();
        }
        SortedMap<String, Long> removed = new TreeMap<>();
        source.steps()
                .forEach(step ->
                        removed.merge(step.header().step(), step.header().removed(), Long::sum));
        return new Inspection(source.manifestHash(), source.manifest(), removed, statistics.summary());
    }

    /** An inspection and the page about it. */
    public record WithPage(Inspection inspection, Page page) {}

    /**
     * Looks at every example, and makes a page of it.
     *
     * @param name heading of the page
     * @param compared most examples among which images that look the same are looked for
     * @param progress runs once for each example, and once for each that is compared
     */
    public static WithPage withPage(String name, CuratedSource source, long compared, Runnable progress) {
        LabelPicks picks = new LabelPicks();
        Inspection inspection = look(source, picks, progress);
        LookAlikes lookAlikes = LookAlikes.of(source, DISTANCE, compared, progress);
        try (Pictures pictures = new Pictures()) {
            Page page = new InspectionPage(name, source, inspection.content(), picks, lookAlikes, pictures).page();
            return new WithPage(inspection, page);
        }
    }
}
