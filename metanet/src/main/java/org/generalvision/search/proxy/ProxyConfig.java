package org.generalvision.search.proxy;

import org.generalvision.data.augment.ImageView;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.source.ExampleData;
import org.generalvision.train.TrainConfig;

/**
 * How a candidate is trained and measured.
 *
 * @param train labelled pictures to learn from; their labels are the classes
 * @param validation labelled pictures to measure on, none of them in {@code train}, and none that the network is to be
 *     judged by later
 * @param trainView how a picture is shown for training
 * @param validationView how it is shown for measuring; both views have one size
 * @param loader of the training pictures
 * @param labelSmoothing share of the target that is spread evenly over all classes, in [0, 1)
 * @param threads of the engine in each process; a fixed number, as another one gives other roundings
 * @param training the training of a trial; its seed is that of every candidate
 * @param longerSteps steps of the longer training with which the proxy is compared
 */
public record ProxyConfig(
        ExampleData train,
        ExampleData validation,
        ImageView trainView,
        ImageView validationView,
        LoaderConfig loader,
        double labelSmoothing,
        int threads,
        TrainConfig training,
        long longerSteps) {
    public ProxyConfig {
        int trainSide = trainView.crop().height();
        int validationSide = validationView.crop().height();
        if (trainSide != trainView.crop().width()
                || validationSide != trainSide
                || validationView.crop().width() != trainSide) {
            throw new IllegalArgumentException(
                    "trainView and validationView must be squares of one size: %d x %d and %d x %d"
                            .formatted(
                                    trainSide,
                                    trainView.crop().width(),
                                    validationSide,
                                    validationView.crop().width()));
        }
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new IllegalArgumentException("labelSmoothing must lie in [0, 1): " + labelSmoothing);
        }
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads must lie in [1, 1024]: " + threads);
        }
        if (longerSteps < training.steps()) {
            throw new IllegalArgumentException(
                    "longerSteps must be at least training.steps: %d < %d".formatted(longerSteps, training.steps()));
        }
    }

    /** Side of the pictures in pixels. */
    public int resolution() {
        return trainView.crop().height();
    }
}
