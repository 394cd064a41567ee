package org.generalvision.data.source;

import org.jspecify.annotations.Nullable;

/** A collection names a file outside of itself. That is never a slip of one item: the whole collection is refused. */
final class UnsafePathException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnsafePathException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
