package org.generalvision.data.scene;

/** The colors and depths of a scene in the making; rows from the top, columns from the left. */
final class SceneCanvas {
    private final int height;
    private final int width;
    private float[] rgb;
    private final float[] metres;

    SceneCanvas(int height, int width) {
        this.height = height;
        this.width = width;
        rgb = new float[3 * height * width];
        metres = new float[height * width];
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    /** Red, green, blue of each pixel. */
    float[] rgb() {
        return rgb;
    }

    /** Depth of each pixel, 0 where unknown. */
    float[] metres() {
        return metres;
    }

    void set(int y, int x, Color color, double depth) {
        int pixel = y * width + x;
        rgb[3 * pixel] = color.red();
        rgb[3 * pixel + 1] = color.green();
        rgb[3 * pixel + 2] = color.blue();
        metres[pixel] = (float) depth;
    }

    /**
     * Puts an object over what is there.
     *
     * @param haze color of the air before it
     * @param hazeShare how much of the object the air hides
     */
    void paste(Visibility.Seen object, Color haze, double hazeShare) {
        Patch patch = object.patch();
        Color gains = object.placement().gains();
        float[] factors = {gains.red(), gains.green(), gains.blue()};
        float clear = (float) (1 - hazeShare);
        float[] air = {haze.red() / 255, haze.green() / 255, haze.blue() / 255};
        float[] from = patch.rgba();
        for (int y = Math.max(0, -patch.top()); y < Math.min(patch.height(), height - patch.top()); y++) {
            for (int x = Math.max(0, -patch.left()); x < Math.min(patch.width(), width - patch.left()); x++) {
                int read = 4 * (y * patch.width() + x);
                float alpha = from[read + 3];
                if (alpha <= 0) {
                    continue;
                }
                int pixel = (y + patch.top()) * width + x + patch.left();
                for (int c = 0; c < 3; c++) {
                    // Premultiplied: no channel exceeds the opacity.
                    float color = Math.min(alpha, from[read + c] * factors[c]);
                    float seen = clear * color + (1 - clear) * alpha * air[c];
                    rgb[3 * pixel + c] = seen + rgb[3 * pixel + c] * (1 - alpha / 255);
                }
                if (alpha >= Cutout.OPAQUE) {
                    metres[pixel] = (float) object.placement().depth();
                }
            }
        }
    }

    /** Darkens a soft ellipse; shadows have no depth of their own. */
    void shade(double row, double column, double halfHeight, double halfWidth, double darkness) {
        for (int y = Math.max(0, (int) (row - halfHeight)); y < Math.min(height, row + halfHeight); y++) {
            for (int x = Math.max(0, (int) (column - halfWidth)); x < Math.min(width, column + halfWidth); x++) {
                double down = (y + 0.5 - row) / halfHeight;
                double across = (x + 0.5 - column) / halfWidth;
                double inside = 1 - down * down - across * across;
                if (inside > 0) {
                    float light = (float) (1 - darkness * inside);
                    for (int c = 0; c < 3; c++) {
                        rgb[3 * (y * width + x) + c] *= light;
                    }
                }
            }
        }
    }

    /** Light that changes from left to right, by a factor from 1 - strength to 1 + strength or back, and its color. */
    void light(Color color, double strength) {
        for (int x = 0; x < width; x++) {
            double side = 1 + strength * (2 * (x + 0.5) / width - 1);
            float red = (float) (side * color.red() / 255);
            float green = (float) (side * color.green() / 255);
            float blue = (float) (side * color.blue() / 255);
            for (int at = 3 * x; at < rgb.length; at += 3 * width) {
                rgb[at] *= red;
                rgb[at + 1] *= green;
                rgb[at + 2] *= blue;
            }
        }
    }

    /** Gaussian blur of the colors; beyond the frame is what is at the frame. */
    void blur(double sigma) {
        int radius = (int) Math.ceil(3 * sigma);
        if (sigma < 0.2) {
            return;
        }
        float[] kernel = new float[2 * radius + 1];
        float sum = 0;
        for (int i = 0; i < kernel.length; i++) {
            double distance = i - radius;
            kernel[i] = (float) StrictMath.exp(-distance * distance / (2 * sigma * sigma));
            sum += kernel[i];
        }
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] /= sum;
        }
        rgb = convolved(convolved(rgb, kernel, 0, 1), kernel, 1, 0);
    }

    private float[] convolved(float[] from, float[] kernel, int down, int across) {
        float[] to = new float[from.length];
        int radius = kernel.length / 2;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * width + x);
                for (int k = -radius; k <= radius; k++) {
                    int row = Math.max(0, Math.min(height - 1, y + k * down));
                    int column = Math.max(0, Math.min(width - 1, x + k * across));
                    int read = 3 * (row * width + column);
                    float weight = kernel[k + radius];
                    to[at] += weight * from[read];
                    to[at + 1] += weight * from[read + 1];
                    to[at + 2] += weight * from[read + 2];
                }
            }
        }
        return to;
    }

    /** Noise of about a normal distribution: the sum of four draws of a hash. */
    void grain(double sigma, long seed) {
        if (sigma <= 0) {
            return;
        }
        // Each 16-bit draw has a variance of 65536^2 / 12, the sum of four has four times that.
        float scale = (float) (sigma / (65536 / StrictMath.sqrt(3)));
        long state = seed;
        for (int i = 0; i < rgb.length; i++) {
            state += 0x9E3779B97F4A7C15L;
            long bits = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
            bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
            long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
            rgb[i] += scale * (float) (sum - 131070);
        }
    }

    /** Depths beyond the limit become unknown. */
    void forgetBeyond(double far) {
        for (int i = 0; i < metres.length; i++) {
            if (metres[i] > far) {
                metres[i] = 0;
            }
        }
    }
}
