package org.generalvision.data.label;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a concept is, as far as a picture can show it. */
public enum Kind {
    /** A thing, a living being, a substance. */
    OBJECT(0),
    /** A part of a thing or of a body. */
    PART(1),
    /** A quality that a thing has, such as a color or a shape. */
    ATTRIBUTE(2),
    /** A condition that a thing is in, such as broken or asleep. */
    STATE(3),
    /** A place. */
    SCENE(4),
    /** What no picture shows by itself. */
    NON_VISUAL(5);

    private static final Kind[] BY_CODE = {OBJECT, PART, ATTRIBUTE, STATE, SCENE, NON_VISUAL};

    private final int code;

    Kind(int code) {
        this.code = code;
    }

    /** The number that files of concepts hold. */
    int code() {
        return code;
    }

    static Kind ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("%d is not the number of a kind".formatted(code));
        }
        return BY_CODE[code];
    }

    /** The kind with a name as files write it, such as {@code non-visual}. */
    public static Kind of(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.text().equals(text))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("kind is '%s' but must be one of %s"
                        .formatted(text, Arrays.stream(values()).map(Kind::text).collect(Collectors.joining(", ")))));
    }

    /** The name as files write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean isVisual() {
        return this != NON_VISUAL;
    }
}
