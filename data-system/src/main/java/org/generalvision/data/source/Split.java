package org.generalvision.data.source;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The part of a collection that an example belongs to. */
public enum Split {
    TRAIN("train", "training"),
    VALIDATION("val", "validation", "valid"),
    TEST("test", "testing");

    private final ImmutableList<String> names;

    Split(String... names) {
        this.names = ImmutableList.copyOf(names);
    }

    /**
     * The folder of this part.
     *
     * @param parent that has a folder for each part, under one of the names in use
     * @throws IllegalArgumentException if there is none
     */
    Path folderIn(Path parent) {
        return names.stream()
                .map(parent::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s has no folder for the split %s, which would be called %s; leave out --split if it is not divided"
                                .formatted(parent, lowerName(), String.join(" or ", names))));
    }

    /** The names that collections give to this part. */
    List<String> names() {
        return names;
    }

    /** The name as users write it. */
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
