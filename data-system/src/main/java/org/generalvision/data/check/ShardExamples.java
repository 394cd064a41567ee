package org.generalvision.data.check;

import com.google.common.collect.AbstractIterator;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.example.Fault;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.source.Candidate;
import org.jspecify.annotations.Nullable;

/** The examples of a directory, with what cannot be read of it as rejections, which go on behind a damaged shard. */
final class ShardExamples extends AbstractIterator<Candidate> {
    private final CuratedSource source;
    private final List<Boolean> sound = new ArrayList<>();
    private int shard;
    private long shardStart;
    private long index;

    /** Reads every shard, and notes those that are damaged. */
    ShardExamples(CuratedSource source, Findings findings) {
        this.source = source;
        for (int i = 0; i < source.manifest().shards().size(); i++) {
            sound.add(isSound(i, findings));
        }
    }

    private boolean isSound(int number, Findings findings) {
        try {
            source.verify(number);
            return true;
        } catch (IllegalArgumentException e) {
            String file = source.manifest().shards().get(number).file();
            findings.add(Fault.DAMAGED_SHARD, file, String.valueOf(e.getMessage()));
            return false;
        }
    }

    @Override
    protected @Nullable Candidate computeNext() {
        while (index < source.size()) {
            long at = index++;
            if (sound.get(shardOf(source.shardIndex(at)))) {
                return read(at);
            }
        }
        return endOfData();
    }

    /** Rows come in their order, so the shard only moves on. */
    private int shardOf(long row) {
        List<Manifest.Shard> shards = source.manifest().shards();
        while (row >= shardStart + shards.get(shard).rows()) {
            shardStart += shards.get(shard++).rows();
        }
        return shard;
    }

    private Candidate read(long at) {
        try {
            return new Candidate.Accepted(source.get(at));
        } catch (IllegalArgumentException e) {
            return new Candidate.Rejected("example " + at, String.valueOf(e.getMessage()));
        }
    }
}
