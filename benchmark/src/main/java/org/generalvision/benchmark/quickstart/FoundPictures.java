package org.generalvision.benchmark.quickstart;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.EvaluationPass;
import org.generalvision.data.load.ImageTextSamples;
import org.generalvision.data.load.Quarantine;
import org.generalvision.data.text.Synonyms;
import org.generalvision.data.text.TextAugmentation;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Pass;
import org.generalvision.report.Gallery;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.amateur.Retrieval;

/** The pictures that a trained model finds for held-out captions. */
final class FoundPictures {
    private static final int QUERIES = 8;
    private static final int PICTURES = 6;

    private FoundPictures() {}

    /** The best pictures for captions spread evenly over the held-out ones; a frame marks pictures of that caption. */
    static Gallery of(Pretrained run, ExampleSource held, NDManager owner) {
        try (NDManager manager = owner.newSubManager();
                Tokenizer tokenizer = run.tokenizer()) {
            ImageTextModel model = run.model(tokenizer.vocabularySize(), manager);
            ImageTextSamples format = new ImageTextSamples(
                    List.of(run.evaluation().view()),
                    List.of(TextAugmentation.NONE),
                    Synonyms.NONE,
                    tokenizer,
                    model.contextLength());
            Path unreadable = run.directory().resolve("quarantine-evaluation.jsonl");
            try (EvaluationPass pairs = EvaluationPass.over(
                    held, format, run.evaluation().loader(), new Quarantine(unreadable, held.size(), 1))) {
                Retrieval retrieval = Retrieval.of(model, pairs, Pass.evaluation(), manager);
                if (retrieval.images().size() != held.size()) {
                    throw new IllegalStateException("Pictures of the starter corpus cannot be read: only "
                            + retrieval.images().size() + " of " + held.size());
                }
                return gallery(retrieval, held);
            }
        }
    }

    private static Gallery gallery(Retrieval retrieval, ExampleSource held) {
        float[][] cosines = Retrieval.cosines(retrieval.texts(), retrieval.images());
        int step = Math.max(1, cosines.length / QUERIES);
        List<Gallery.Row> rows = new ArrayList<>();
        for (int query = 0; query < cosines.length && rows.size() < QUERIES; query += step) {
            long caption = retrieval.textCaptions().get(query);
            float[] row = cosines[query];
            List<Gallery.Picture> pictures = IntStream.range(0, row.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -row[i]))
                    .limit(PICTURES)
                    .map(i -> picture(held.get(i), retrieval.imageCaptions().get(i) == caption))
                    .toList();
            int captioned = retrieval.imageCaptions().indexOf(caption);
            rows.add(new Gallery.Row(held.get(captioned).captions().get(0).text(), pictures));
        }
        return new Gallery(rows);
    }

    private static Gallery.Picture picture(Example example, boolean right) {
        return new Gallery.Picture(example.image(), example.captions().get(0).text(), right);
    }
}
