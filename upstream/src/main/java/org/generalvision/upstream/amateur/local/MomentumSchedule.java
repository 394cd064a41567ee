package org.generalvision.upstream.amateur.local;

/**
 * How much of itself the target keeps in an update: from {@code start} along half a cosine to 1 (BYOL, arXiv 2006.07733, section
 * 3.3; SoCo takes it over).
 *
 * @param start in [0, 1); 0.99 in SoCo
 */
public record MomentumSchedule(double start) {
    public MomentumSchedule {
        if (!(start >= 0 && start < 1)) {
            throw new IllegalArgumentException("start must lie in [0, 1): " + start);
        }
    }

    /** The momentum of a step, from 0, in a run of {@code steps}. */
    double at(long step, long steps) {
        return 1 - (1 - start) * (Math.cos(Math.PI * step / steps) + 1) / 2;
    }
}
