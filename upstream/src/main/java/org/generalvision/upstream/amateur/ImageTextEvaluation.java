package org.generalvision.upstream.amateur;

import java.util.List;
import java.util.Map;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.source.ExampleData;

/**
 * How a model of images and texts is measured.
 *
 * @param view of each image
 * @param loader batches and threads
 * @param zeroShot classifications by text, may be empty
 * @param retrieval searches among pairs, may be empty
 */
public record ImageTextEvaluation(
        ImageView view, LoaderConfig loader, List<ZeroShotTask> zeroShot, List<RetrievalTask> retrieval) {
    public ImageTextEvaluation {
        zeroShot = List.copyOf(zeroShot);
        retrieval = List.copyOf(retrieval);
    }

    /** The same tasks on other data, such as a test split after those of a recipe, which are for validation. */
    public ImageTextEvaluation on(ExampleData data) {
        return new ImageTextEvaluation(
                view,
                loader,
                zeroShot.stream()
                        .map(t -> new ZeroShotTask(t.name(), data, t.classes(), t.templates()))
                        .toList(),
                retrieval.stream().map(t -> new RetrievalTask(t.name(), data)).toList());
    }

    /**
     * One classification; gives the metrics {@code zeroShot/NAME/top1} and {@code zeroShot/NAME/meanPerClass}.
     *
     * @param data labelled images; those with none of the labels are left out
     * @param classes for each label how it is called in a prompt
     * @param templates prompts with {@code {}} where the class goes
     */
    public record ZeroShotTask(String name, ExampleData data, Map<String, String> classes, List<String> templates) {
        public ZeroShotTask {
            requireName(name);
            templates = List.copyOf(templates);
            templates.forEach(ZeroShot::requireTemplate);
            if (classes.size() < 2) {
                throw new IllegalArgumentException("classes must be at least two: " + classes.keySet());
            }
            if (templates.isEmpty()) {
                throw new IllegalArgumentException("templates must not be empty");
            }
        }
    }

    /**
     * One search; gives the metrics {@code retrieval/NAME/imageToText/recall1} and so on.
     *
     * @param data images with captions
     */
    public record RetrievalTask(String name, ExampleData data) {
        public RetrievalTask {
            requireName(name);
        }
    }

    /** Names become part of metrics and files. */
    private static void requireName(String name) {
        if (!name.matches("[a-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("name must consist of lower-case letters, digits and hyphens: " + name);
        }
    }
}
