package org.generalvision.train;

import java.nio.file.Path;

/**
 * What the run of a stage needs beside its settings.
 *
 * @param directory the run directory
 * @param recipe the resolved recipe, which every checkpoint repeats
 * @param origin where the weights come from if the directory has no checkpoint yet
 * @param cache folder for data that is unpacked before use
 * @param progress who watches
 * @param stop how the run is ended early
 */
public record StageRun(Path directory, String recipe, Origin origin, Path cache, Progress progress, StopRequest stop) {}
