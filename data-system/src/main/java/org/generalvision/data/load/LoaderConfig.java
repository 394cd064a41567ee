package org.generalvision.data.load;

/**
 * How batches are loaded.
 *
 * @param seed of order and augmentation
 * @param batchSize samples in a batch
 * @param workers threads that decode; workers plus threads of the engine should not exceed the cores
 * @param prefetch batches that are prepared ahead of the one in use
 * @param quarantineLimit largest share of the source, in [0, 1], that may turn out unreadable before the run stops
 */
public record LoaderConfig(long seed, int batchSize, int workers, int prefetch, double quarantineLimit) {
    public LoaderConfig {
        if (batchSize <= 0) {
            throw new IllegalArgumentException("batchSize must be positive: " + batchSize);
        }
        if (workers <= 0 || workers > 1024) {
            throw new IllegalArgumentException("workers must lie in [1, 1024]: " + workers);
        }
        if (prefetch <= 0 || prefetch > 1024) {
            throw new IllegalArgumentException("prefetch must lie in [1, 1024]: " + prefetch);
        }
        if (!(quarantineLimit >= 0 && quarantineLimit <= 1)) {
            throw new IllegalArgumentException("quarantineLimit must lie in [0, 1]: " + quarantineLimit);
        }
    }
}
