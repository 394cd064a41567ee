package org.generalvision.benchmark.stage;

import java.nio.file.Path;
import org.generalvision.train.Checkpoint;
import org.generalvision.upstream.UpstreamRecipe;

/**
 * A training that is done.
 *
 * @param recipe that it ran, with its overrides
 * @param checkpoint its last one
 * @param directory run directory
 */
public record Trained(UpstreamRecipe recipe, Checkpoint checkpoint, Path directory) {}
