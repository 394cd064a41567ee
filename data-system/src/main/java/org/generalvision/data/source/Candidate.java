package org.generalvision.data.source;

import java.util.Objects;
import org.generalvision.data.example.Example;

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
     */
    record Rejected(String id, String reason) implements Candidate {
        /** What a reader threw over one item. */
        static Rejected of(String id, IllegalArgumentException e) {
            return new Rejected(id, Objects.requireNonNullElse(e.getMessage(), "cannot be read"));
        }
    }
}
