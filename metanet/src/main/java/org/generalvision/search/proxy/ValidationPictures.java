package org.generalvision.search.proxy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.EvaluationPass;
import org.generalvision.data.load.LabelledImages;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.load.Quarantine;
import org.generalvision.metric.Predictions;
import org.generalvision.metric.TopOneAccuracy;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/** The pictures on which every candidate is measured, decoded once. */
final class ValidationPictures {
    private final List<Part> parts = new ArrayList<>();
    private final int classes;
    private final NDManager owner;

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Part(NDArray image, int[] labels) {}

    /**
     * Reads them all.
     *
     * @param folder for the list of unreadable pictures
     * @param owner keeps them
     */
    ValidationPictures(ExampleSource source, LabelledImages format, LoaderConfig loader, Path folder, NDManager owner) {
        this.owner = owner;
        classes = format.classes().size();
        Quarantine quarantine =
                new Quarantine(folder.resolve("quarantine-validation.jsonl"), source.size(), loader.quarantineLimit());
        try (EvaluationPass pass = EvaluationPass.over(source, format, loader, quarantine)) {
            while (pass.hasNext()) {
                try (NDManager scratch = owner.newSubManager()) {
                    Batch batch = pass.next(scratch);
                    if (batch.size() > 0) {
                        parts.add(part(batch));
                    }
                }
            }
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("proxy.validation has no readable picture");
        }
    }

    private Part part(Batch batch) {
        // A copy: the loader uses its memory again.
        NDArray image = Ops.channelsLast(batch.get("image")).duplicate();
        image.attach(owner);
        int[] labels = Arrays.stream(batch.get("label").toLongArray())
                .mapToInt(Math::toIntExact)
                .toArray();
        return new Part(image, labels);
    }

    /** Share of the pictures whose class gets the highest score; a network that gives no numbers has none. */
    double accuracy(Backbone network, Pass pass) {
        double right = 0;
        int all = 0;
        for (Part part : parts) {
            try (NDManager scratch = owner.newSubManager()) {
                NDArray image = part.image().stopGradient();
                image.attach(scratch);
                NDArray logits = Ops.toFloat32(network.forward(image, pass));
                all += part.labels().length;
                if (Ops.allFinite(logits)) {
                    right += part.labels().length
                            * TopOneAccuracy.of(new Predictions(logits.toFloatArray(), classes, part.labels()));
                }
            }
        }
        return right / all;
    }
}
