package org.generalvision.data.source;

import org.generalvision.data.example.Fault;

/** An item of a collection, or one of its annotations, cannot be used, for a reason that has a name. */
final class FaultyItemException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final Fault fault;

    FaultyItemException(Fault fault, String reason) {
        super(reason);
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }
}
