package org.generalvision.data.plan;

import java.util.List;

/**
 * Processor time of a stage: so much for each record, and so much for each byte of its image. A stage whose time does not depend on
 * the bytes has 0 there.
 *
 * @param secondsPerRecord at least 0
 * @param secondsPerByte at least 0
 */
public record Rate(double secondsPerRecord, double secondsPerByte) {
    public Rate {
        requireNotNegative("secondsPerRecord", secondsPerRecord);
        requireNotNegative("secondsPerByte", secondsPerByte);
    }

    /**
     * One observation.
     *
     * @param bytes mean size of the records, positive
     * @param seconds for one of them, positive
     */
    record Point(double bytes, double seconds) {}

    /** Seconds for records of a mean size. */
    public double seconds(double records, double bytesPerRecord) {
        return records * (secondsPerRecord + secondsPerByte * bytesPerRecord);
    }

    Rate times(double factor) {
        return new Rate(secondsPerRecord * factor, secondsPerByte * factor);
    }

    /**
     * The rate that fits observations best: least squares of the relative errors, with neither part below 0. Where that binds, the other
     * part explains everything.
     *
     * @param points at least one
     */
    static Rate fit(List<Point> points) {
        double w = 0;
        double wx = 0;
        double wy = 0;
        double wxx = 0;
        double wxy = 0;
        for (Point point : points) {
            double weight = 1 / (point.seconds() * point.seconds());
            w += weight;
            wx += weight * point.bytes();
            wy += weight * point.seconds();
            wxx += weight * point.bytes() * point.bytes();
            wxy += weight * point.bytes() * point.seconds();
        }
        double determinant = w * wxx - wx * wx;
        boolean oneSize = determinant <= 1e-12 * w * wxx;
        double perByte = oneSize ? 0 : (w * wxy - wx * wy) / determinant;
        double perRecord = (wy - perByte * wx) / w;
        if (oneSize || perByte < 0) {
            return new Rate(wy / w, 0);
        }
        return perRecord < 0 ? new Rate(0, wxy / wxx) : new Rate(perRecord, perByte);
    }

    static void requireNotNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be finite and not negative: " + value);
        }
    }
}
