package org.generalvision.train;

/** The seed of the engine's generator for one forward pass: a function of what the pass is, so that a resume is exact. */
final class StepSeed {
    private StepSeed() {}

    static long of(long seed, long step, int microBatch, int objective) {
        long hash = seed;
        for (long part : new long[] {step, microBatch, objective}) {
            // SplitMix64's finalizer (Steele, Lea and Flood, 2014) over the running hash and the next part.
            hash = (hash ^ part) + 0x9E3779B97F4A7C15L;
            hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
            hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
            hash ^= hash >>> 31;
        }
        return hash;
    }
}
