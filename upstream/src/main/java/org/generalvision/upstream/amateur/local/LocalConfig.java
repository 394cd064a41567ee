package org.generalvision.upstream.amateur.local;

/**
 * The local stage's objective.
 *
 * @param network what reads regions
 * @param momentum of the target
 * @param keep weight of the distance between an image's embedding and the one it had at the start; 0 switches it off
 */
public record LocalConfig(RegionNetworkConfig network, MomentumSchedule momentum, double keep) {
    public LocalConfig {
        if (!(keep >= 0 && keep < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("keep must not be negative, and finite: " + keep);
        }
    }
}
