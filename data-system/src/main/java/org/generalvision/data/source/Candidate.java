package org.generalvision.data.source;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Objects;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Fault;

/** What a source says about one item of its collection. */
public sealed interface Candidate {

    /** Stable name of the item within the source. */
    String id();

    /** An item to keep. */
    record Accepted(Example example) implements Candidate {
        @Override
        public String id() {
            return example.id();
        }
    }

    /**
     * A sound item that a rule leaves out.
     *
     * @param rule the rule, the same words for every item that falls under it
     */
    record LeftOut(String id, String rule) implements Candidate {}

    /**
     * An item that cannot be used; it never stops a build.
     *
     * @param reason what is wrong with this item
     * @param fault the kind of it; not written into lists of rejected items
     */
    record Rejected(String id, String reason, @JsonIgnore Fault fault) implements Candidate {
        public Rejected(String id, String reason) {
            this(id, reason, Fault.BROKEN_RECORD);
        }

        /** What a reader threw over one item. */
        static Rejected of(String id, IllegalArgumentException e) {
            return new Rejected(id, Objects.requireNonNullElse(e.getMessage(), "cannot be read"), fault(e));
        }

        private static Fault fault(Throwable e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof FaultyItemException faulty) {
                    return faulty.fault();
                }
                if (cause instanceof UnreadableSampleException) {
                    return Fault.UNREADABLE_IMAGE;
                }
            }
            return Fault.BROKEN_RECORD;
        }
    }
}
