package org.generalvision.data.curate;

/** Arithmetic of embeddings. */
final class Vectors {
    private Vectors() {}

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** Whether all numbers are finite: embeddings of images that cannot be read are NaN. */
    static boolean isFinite(float[] vector) {
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** Scales to Euclidean length 1; the zero vector stays. */
    static void normalize(float[] vector) {
        double length = Math.sqrt(dot(vector, vector));
        for (int i = 0; length > 0 && i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
    }
}
