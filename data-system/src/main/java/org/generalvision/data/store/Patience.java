package org.generalvision.data.store;

import java.time.Duration;

/**
 * How long a store is borne with that fails in a way that may pass: no answer, a connection that is cut, status 5xx,
 * throttling.
 *
 * @param attempts of a request; and of a download since it last came forward by a mebibyte
 * @param silence how long a server may send nothing, or less than a crawl, before an attempt has failed
 * @param pause before the second attempt; before each further one it doubles. Pauses are drawn between none and that
 * @param longestPause bound of the doubling
 */
record Patience(int attempts, Duration silence, Duration pause, Duration longestPause) {
    static final Patience DEFAULT =
            new Patience(6, Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofSeconds(20));

    Patience {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be positive: " + attempts);
        }
    }
}
