package org.generalvision.data.cli;

import java.nio.file.Path;
import org.generalvision.data.example.Embedder;

/** Makes an embedder of a checkpoint. The module that knows models gives one to {@link DataCommand}. */
public interface EmbedderSource {
    /**
     * Opens a checkpoint.
     *
     * @param checkpoint its directory, or a run directory
     * @throws IllegalArgumentException if it cannot embed images and texts
     */
    Embedder open(Path checkpoint);
}
