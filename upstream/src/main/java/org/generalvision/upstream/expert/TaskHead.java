package org.generalvision.upstream.expert;

import java.util.List;
import java.util.SortedMap;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Layer;
import org.generalvision.train.Losses;

/**
 * The head of one data set: what is trained of it, its losses and its figures.
 *
 * @param <P> what it decides of an image
 */
public interface TaskHead<P extends Prediction> {
    /** Parameters. */
    Layer layer();

    /**
     * Adds the losses of a batch.
     *
     * @param batch with the names of the data set's format
     * @param prefix of the losses' names
     * @return what the head said, from which the losses were computed
     */
    Answers addLosses(Features features, Batch batch, String prefix, Losses losses);

    /**
     * What the head says of images, as {@link #addLosses} returns it, without truths.
     *
     * @param height of the images
     * @param width of the images
     */
    Answers answers(Features features, int height, int width);

    /**
     * What the head decides of each image of a batch.
     *
     * @param batch with the names of the data set's format; of its truths only sizes are read
     */
    List<P> predict(Features features, Batch batch);

    /** A new measurement. */
    Measurement<P> measure();

    /**
     * Takes predictions for batch after batch of held-out data, then says how good they were.
     *
     * @param <P> what they are of an image
     */
    interface Measurement<P extends Prediction> {
        /**
         * Takes what {@link #predict} said of a batch.
         *
         * @param batch with its truths
         */
        void add(List<P> predictions, Batch batch);

        /** Figures by name. */
        SortedMap<String, Double> figures();
    }
}
