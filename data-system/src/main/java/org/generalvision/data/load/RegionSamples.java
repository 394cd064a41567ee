package org.generalvision.data.load;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.propose.ProposalStore;
import org.generalvision.data.propose.SelectiveSearch;

/**
 * Samples of region contrast: {@code image}, {@code image2} and {@code image3} (B, 3, H, W), and the same regions in each of
 * them, {@code boxes}, {@code boxes2} and {@code boxes3} (B, K, 4) float32 x1, y1, x2, y2 in pixels of the view.
 *
 * <p>A region is the part of a proposal that lies in the second view; each view moves its box on its own. Where an image has
 * fewer proposals than are asked for, none included, boxes drawn at random within the limits of the search take their place.
 *
 * @param views three
 * @param search what is a proposal
 * @param choice which proposals are contrasted
 * @param store of the source that is read; stays open when readers close
 */
public record RegionSamples(RegionViews views, SelectiveSearch search, RegionChoice choice, ProposalStore store)
        implements SampleFormat {
    static final List<String> IMAGES = List.of("image", "image2", "image3");
    static final List<String> BOXES = List.of("boxes", "boxes2", "boxes3");

    @Override
    public List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < IMAGES.size(); i++) {
            int height = views.all().get(i).crop().height();
            fields.add(new Field.Image(
                    IMAGES.get(i), height, views.all().get(i).crop().width()));
        }
        for (String name : BOXES) {
            fields.add(new Field.Numbers(name, DataType.FLOAT32, List.of((long) choice.number(), 4L)));
        }
        return fields;
    }

    @Override
    public SampleReader newReader() {
        return new RegionReader(this);
    }
}
