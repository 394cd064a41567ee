package org.generalvision.data.label;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.generalvision.data.example.Embedder;

/**
 * Ranks concepts by how alike one of their names and a label are, by their embeddings. All names are embedded once for all
 * labels and none is kept, so memory depends on the number of labels only.
 */
public final class SuggestionSearch {
    private static final int BATCH = 1024;
    private static final double ROUNDING = 1e4;

    private final LabelSystem labels;
    private final Embedder embedder;
    private final IntPredicate allowed;

    /** A search among the concepts that are allowed. */
    public SuggestionSearch(LabelSystem labels, Embedder embedder, IntPredicate allowed) {
        this.labels = labels;
        this.embedder = embedder;
        this.allowed = allowed;
    }

    /**
     * Suggestions for each text, best first, each concept once.
     *
     * @param count most suggestions for a text
     */
    public List<List<Suggestion>> suggest(List<String> texts, int count) {
        if (texts.isEmpty() || count == 0) {
            return texts.stream().map(text -> List.<Suggestion>of()).toList();
        }
        float[][] wanted = embedder.texts(texts);
        List<Best> best = texts.stream().map(text -> new Best(count)).toList();
        Columns.Worded names = labels.columns().names();
        int[] concepts = IntStream.range(0, labels.size()).filter(allowed).toArray();
        List<String> batch = new ArrayList<>();
        Numbers owners = new Numbers();
        for (int concept : concepts) {
            for (int row = names.first(concept); row < names.end(concept); row++) {
                batch.add(names.texts().get(row));
                owners.add(concept);
            }
            if (batch.size() >= BATCH || concept == concepts[concepts.length - 1]) {
                compare(wanted, batch, owners.ints(), best);
                batch.clear();
                owners = new Numbers();
            }
        }
        return best.stream().map(Best::suggestions).toList();
    }

    private void compare(float[][] wanted, List<String> names, int[] owners, List<Best> best) {
        float[][] vectors = embedder.texts(names);
        for (int i = 0; i < wanted.length; i++) {
            for (int j = 0; j < vectors.length; j++) {
                best.get(i).offer(owners[j], names.get(j), dot(wanted[i], vectors[j]));
            }
        }
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The best so far for one text, in descending order; of equals the earlier stays. */
    private final class Best {
        private final List<Scored> found = new ArrayList<>();
        private final int count;

        Best(int count) {
            this.count = count;
        }

        private record Scored(int concept, String name, float score) {}

        void offer(int concept, String name, float score) {
            if (!(score > 0)
                    || (found.size() == count && score <= found.get(count - 1).score())) {
                return;
            }
            for (Scored other : found) {
                if (other.concept() == concept && other.score() >= score) {
                    return;
                }
            }
            found.removeIf(other -> other.concept() == concept);
            int place = found.size();
            while (place > 0 && found.get(place - 1).score() < score) {
                place--;
            }
            found.add(place, new Scored(concept, name, score));
            if (found.size() > count) {
                found.remove(count);
            }
        }

        List<Suggestion> suggestions() {
            return found.stream()
                    .map(scored -> new Suggestion(
                            labels.id(scored.concept()),
                            scored.name(),
                            Math.round(scored.score() * ROUNDING) / ROUNDING))
                    .toList();
        }
    }
}
