package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.EvaluationPass;
import org.generalvision.metric.RetrievalRecall;
import org.generalvision.nn.Pass;

/**
 * Embeddings of pairs and what each side finds on the other. A caption that several images have is one text, and each of those
 * images is right for it. All cosines are held at once: meant for some thousand pairs.
 *
 * @param images normalized embedding of each image
 * @param imageCaptions key of each image's caption
 * @param texts normalized embedding of each different caption
 * @param textCaptions key of each text
 */
public record Retrieval(List<float[]> images, List<Long> imageCaptions, List<float[]> texts, List<Long> textCaptions) {
    private static final List<Integer> PLACES = List.of(1, 5, 10);

    public Retrieval {
        images = List.copyOf(images);
        imageCaptions = List.copyOf(imageCaptions);
        texts = List.copyOf(texts);
        textCaptions = List.copyOf(textCaptions);
        if (images.isEmpty() || images.size() != imageCaptions.size() || texts.size() != textCaptions.size()) {
            throw new IllegalArgumentException(
                    "Retrieval needs at least one pair, and a caption for each image and text");
        }
    }

    /**
     * Embeds pairs. Gradients must be off.
     *
     * @param pairs batches with {@code image}, {@code text} and {@code caption}
     * @param pass an evaluation pass
     * @param manager parent of the steps' managers
     */
    public static Retrieval of(ImageTextModel model, EvaluationPass pairs, Pass pass, NDManager manager) {
        List<float[]> images = new ArrayList<>();
        List<Long> imageCaptions = new ArrayList<>();
        Map<Long, float[]> texts = new LinkedHashMap<>();
        while (pairs.hasNext()) {
            try (NDManager step = manager.newSubManager()) {
                Batch batch = pairs.next(step);
                NDArray image_BE = model.forward(batch.get("image"), pass);
                NDArray text_BE = model.textFeatures(batch.get("text"), pass);
                long[] captions = batch.get("caption").toLongArray();
                List<float[]> imageRows = rows(image_BE);
                List<float[]> textRows = rows(text_BE);
                for (int i = 0; i < captions.length; i++) {
                    images.add(imageRows.get(i));
                    imageCaptions.add(captions[i]);
                    texts.putIfAbsent(captions[i], textRows.get(i));
                }
            }
        }
        return new Retrieval(images, imageCaptions, List.copyOf(texts.values()), List.copyOf(texts.keySet()));
    }

    private static List<float[]> rows(NDArray x_BE) {
        float[] flat = x_BE.toType(DataType.FLOAT32, false).toFloatArray();
        int width = (int) x_BE.getShape().get(1);
        List<float[]> rows = new ArrayList<>();
        for (int begin = 0; begin < flat.length; begin += width) {
            rows.add(java.util.Arrays.copyOfRange(flat, begin, begin + width));
        }
        return rows;
    }

    /** Recall at 1, 5 and 10 in both directions: {@code imageToText/recall1} and so on, from 0 to 1. */
    public SortedMap<String, Double> recalls() {
        SortedMap<String, Double> recalls = new TreeMap<>();
        add(
                recalls,
                "imageToText",
                RetrievalRecall.of(cosines(images, texts), keys(imageCaptions), keys(textCaptions)));
        add(
                recalls,
                "textToImage",
                RetrievalRecall.of(cosines(texts, images), keys(textCaptions), keys(imageCaptions)));
        return recalls;
    }

    private static void add(SortedMap<String, Double> recalls, String direction, RetrievalRecall recall) {
        PLACES.forEach(k -> recalls.put(direction + "/recall" + k, recall.at(k)));
    }

    private static long[] keys(List<Long> captions) {
        return captions.stream().mapToLong(Long::longValue).toArray();
    }

    /** Cosine of each query with each candidate. */
    public static float[][] cosines(List<float[]> queries, List<float[]> candidates) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray cosines =
                    matrix(queries, manager).matMul(matrix(candidates, manager).transpose());
            return rows(cosines).toArray(float[][]::new);
        }
    }

    private static NDArray matrix(List<float[]> rows, NDManager manager) {
        int width = rows.get(0).length;
        float[] flat = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, flat, i * width, width);
        }
        return manager.create(flat, new Shape(rows.size(), width));
    }
}
