package org.generalvision.upstream;

/**
 * An image network in a checkpoint.
 *
 * @param name {@code image}, or that of a soft generalist's branch
 * @param prefix of its parameters' paths
 * @param network name in the zoo
 * @param resolution side of the pictures that it was trained on, in pixels
 */
public record ImageTower(String name, String prefix, String network, int resolution) {
    /** The only one of a network. */
    static ImageTower only(String network, int resolution) {
        return new ImageTower("image", "image.", network, resolution);
    }
}
