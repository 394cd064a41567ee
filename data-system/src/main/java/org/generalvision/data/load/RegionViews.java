package org.generalvision.data.load;

import java.util.List;
import org.generalvision.data.augment.CenterCrop;
import org.generalvision.data.augment.Crop;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.WholeImage;

/**
 * The three views of region contrast (SoCo, arXiv 2106.02637, section 3.2).
 *
 * @param first the whole image
 * @param second a part of it
 * @param third the same part at another size, usually a smaller one: its crop is {@code whole-image}, meaning all that the
 *     second view shows
 */
public record RegionViews(ImageView first, ImageView second, ImageView third) {
    public RegionViews {
        if (!(first.crop() instanceof WholeImage)) {
            throw new IllegalArgumentException(
                    "first.crop must be of kind whole-image, so that every region of the second view is in the first: "
                            + first.crop());
        }
        if (second.crop() instanceof CenterCrop) {
            throw new IllegalArgumentException(
                    "second.crop must be of kind random-resized-crop or whole-image: " + second.crop());
        }
        if (!(third.crop() instanceof WholeImage)) {
            throw new IllegalArgumentException(
                    "third.crop must be of kind whole-image, all of what the second view shows: " + third.crop());
        }
    }

    /** In their order. */
    public List<ImageView> all() {
        return List.of(first, second, third);
    }

    /** The window of the third view, given that of the second. */
    Crop.Window third(Crop.Window second) {
        Crop size = third.crop();
        return new Crop.Window(
                second.top(),
                second.left(),
                second.height(),
                second.width(),
                new Crop.Resized(size.height(), size.width(), 0, 0));
    }
}
