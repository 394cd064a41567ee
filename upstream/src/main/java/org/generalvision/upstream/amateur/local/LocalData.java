package org.generalvision.upstream.amateur.local;

import java.nio.file.Path;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.load.RegionChoice;
import org.generalvision.data.load.RegionSamples;
import org.generalvision.data.load.RegionViews;
import org.generalvision.data.propose.ProposalStore;
import org.generalvision.data.propose.SelectiveSearch;
import org.generalvision.data.source.ExampleData;

/**
 * The images of the local stage; neither texts nor labels are read.
 *
 * @param train where they come from
 * @param views the three of an image
 * @param search for proposals, done once for each image
 * @param regions which proposals are contrasted
 * @param loader batches and threads; at least 2 images in a batch
 */
public record LocalData(
        ExampleData train, RegionViews views, SelectiveSearch search, RegionChoice regions, LoaderConfig loader) {
    public LocalData {
        if (loader.batchSize() < 2) {
            throw new IllegalArgumentException(
                    "loader.batchSize must be at least 2, since norms use the statistics of a batch: "
                            + loader.batchSize());
        }
    }

    /** The store of a source's proposals. */
    ProposalStore proposals(ExampleSource source, Path cache) {
        return ProposalStore.open(cache.resolve("proposals"), source.hash(), source.size(), search);
    }

    /** What a batch holds. */
    RegionSamples samples(ProposalStore proposals) {
        return new RegionSamples(views, search, regions, proposals);
    }
}
