package org.generalvision.data.load;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Batches of several sources, one source at a time, by weight as {@link Apportionment} orders them. The arrays of a batch carry the
 * name of its source before their own: {@code clipart/image}.
 */
public final class TakingTurns implements BatchSource {
    /** Between the name of a source and that of an array. */
    public static final char SEPARATOR = '/';

    private final List<Member> members;
    private final Apportionment turns;
    private final long batchesPerEpoch;
    private long next;

    /**
     * One source.
     *
     * @param name without {@link #SEPARATOR}
     * @param weight its part of the batches, relative to the others
     */
    public record Member(String name, long weight, BatchSource source) {
        public Member {
            if (name.isEmpty() || name.indexOf(SEPARATOR) >= 0) {
                throw new IllegalArgumentException("The name of a source must not be empty or hold a slash: " + name);
            }
        }
    }

    /**
     * Sources that take turns; they close with this one.
     *
     * @param members with different names
     */
    public TakingTurns(List<Member> members) {
        this.members = List.copyOf(members);
        if (members.stream().map(Member::name).distinct().count() != members.size()) {
            throw new IllegalArgumentException("The sources must have different names: "
                    + members.stream().map(Member::name).toList());
        }
        turns = new Apportionment(members.stream().map(Member::weight).toList());
        batchesPerEpoch =
                members.stream().mapToLong(m -> m.source().batchesPerEpoch()).sum();
    }

    /** The sum over the sources; one of more than its share of weight comes more than once in that time. */
    @Override
    public long batchesPerEpoch() {
        return batchesPerEpoch;
    }

    @Override
    public void seek(long batch) {
        next = batch;
        for (int i = 0; i < members.size(); i++) {
            members.get(i).source().seek(turns.count(i, batch));
        }
    }

    @Override
    public Batch next(NDManager manager) {
        Member member = members.get(turns.memberAt(next));
        Batch own = member.source().next(manager);
        Map<String, NDArray> arrays = new HashMap<>();
        own.arrays().forEach((name, array) -> arrays.put(member.name() + SEPARATOR + name, array));
        Batch batch = new Batch(next, next / batchesPerEpoch, own.ids(), arrays);
        next++;
        return batch;
    }

    @Override
    public double waitSeconds() {
        return members.stream().mapToDouble(m -> m.source().waitSeconds()).sum();
    }

    @Override
    public void close() {
        members.forEach(member -> member.source().close());
    }
}
