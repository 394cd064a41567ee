package org.generalvision.data.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A place that a command is about to write to, judged before the work and not after it. */
final class OutputPath {
    private OutputPath() {}

    /**
     * Refuses a file or directory that cannot be made where it is wanted. Folders on the way to it may be missing; they are made later.
     *
     * @throws IllegalArgumentException if it, or what it is to lie in, cannot be written
     */
    static void requireWritable(Path path) {
        Path place = path.toAbsolutePath().normalize();
        while (place != null && !Files.exists(place)) {
            place = place.getParent();
        }
        if (place == null) {
            throw new IllegalArgumentException(path + " cannot be made: there is no such root; name another place");
        }
        boolean wanted = place.equals(path.toAbsolutePath().normalize());
        if (!wanted && !Files.isDirectory(place)) {
            throw new IllegalArgumentException(
                    "%s cannot be made: %s is a file, no folder; name another place".formatted(path, place));
        }
        if (!Files.isWritable(place)) {
            throw new IllegalArgumentException(
                    "%s cannot be made: writing to %s is not allowed; name another place, or change its permissions"
                            .formatted(path, place));
        }
    }
}
