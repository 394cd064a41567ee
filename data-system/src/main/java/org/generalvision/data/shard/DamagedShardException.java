package org.generalvision.data.shard;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A shard that is missing, differs from its manifest or is malformed. Another copy of it may be good. */
final class DamagedShardException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    DamagedShardException(Path file, String what, @Nullable Exception cause) {
        super("Shard " + file + " " + what + "; copy it again from a good copy, or build the directory again", cause);
    }
}
