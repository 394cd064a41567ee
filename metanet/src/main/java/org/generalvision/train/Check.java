package org.generalvision.train;

/** Ranges of settings; each message names the key, the rule and the value. */
final class Check {
    private Check() {}

    static void positive(String key, long value) {
        require(value > 0, key + " must be positive: " + value);
    }

    static void notNegative(String key, long value) {
        require(value >= 0, key + " must not be negative: " + value);
    }

    /** Above 0 and finite. */
    static void positive(String key, double value) {
        require(value > 0 && Double.isFinite(value), key + " must be positive: " + value);
    }

    /** At least 0 and finite. */
    static void notNegative(String key, double value) {
        require(value >= 0 && Double.isFinite(value), key + " must not be negative: " + value);
    }

    /** At least 0 and below 1. */
    static void fraction(String key, double value) {
        require(value >= 0 && value < 1, key + " must be at least 0 and below 1: " + value);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
