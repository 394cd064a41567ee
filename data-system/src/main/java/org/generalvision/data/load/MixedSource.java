package org.generalvision.data.load;

import java.util.List;
import org.generalvision.data.example.ExampleSource;

/**
 * Examples of several members, one member after the other, that training draws by weight instead of evenly. An evaluation
 * takes them as they lie.
 */
public interface MixedSource extends ExampleSource {
    Mixture mixture();

    /**
     * How the members are drawn.
     *
     * @param draws in an epoch
     * @param members in the order in which their examples lie
     */
    record Mixture(long draws, List<Member> members) {
        public Mixture {
            if (draws <= 0) {
                throw new IllegalArgumentException("draws must be positive: " + draws);
            }
            members = List.copyOf(members);
        }
    }

    /**
     * One member.
     *
     * @param size its examples
     * @param weight its part of the draws, relative to the others
     */
    record Member(long size, long weight) {
        public Member {
            if (size <= 0) {
                throw new IllegalArgumentException("A member of a mixture must have examples: " + size);
            }
        }
    }
}
