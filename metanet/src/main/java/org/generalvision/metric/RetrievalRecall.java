package org.generalvision.metric;

/**
 * Recall at K of retrieval: the share of queries for which one of the K most similar candidates is relevant. A candidate is
 * relevant if it has the query's key, so several may be (equal captions are equally right). Of equally similar candidates
 * the irrelevant ones come first, so that embeddings which are all alike earn nothing.
 */
public final class RetrievalRecall {
    private final int[] ranks;

    private RetrievalRecall(int[] ranks) {
        this.ranks = ranks;
    }

    /**
     * Ranks the candidates of each query.
     *
     * @param similarity of each query (row) to each candidate (column)
     * @param queries key of each query
     * @param candidates key of each candidate; each query's key must be among them
     */
    public static RetrievalRecall of(float[][] similarity, long[] queries, long[] candidates) {
        if (similarity.length == 0 || similarity.length != queries.length) {
            throw new IllegalArgumentException("One row of similarities per query is needed: %d rows, %d queries"
                    .formatted(similarity.length, queries.length));
        }
        int[] ranks = new int[queries.length];
        for (int q = 0; q < queries.length; q++) {
            ranks[q] = rank(similarity[q], queries[q], candidates);
        }
        return new RetrievalRecall(ranks);
    }

    /** Place of the best relevant candidate, from 1. */
    private static int rank(float[] similarity, long query, long[] candidates) {
        if (similarity.length != candidates.length) {
            throw new IllegalArgumentException("One similarity per candidate is needed: %d and %d"
                    .formatted(similarity.length, candidates.length));
        }
        float best = Float.NEGATIVE_INFINITY;
        boolean found = false;
        for (int c = 0; c < candidates.length; c++) {
            if (Float.isNaN(similarity[c])) {
                throw new IllegalArgumentException("Similarities must be numbers: candidate " + c + " has NaN");
            }
            if (candidates[c] == query) {
                best = Math.max(best, similarity[c]);
                found = true;
            }
        }
        if (!found) {
            throw new IllegalArgumentException("No candidate has the query's key " + query);
        }
        int rank = 1;
        for (int c = 0; c < candidates.length; c++) {
            if (candidates[c] != query && similarity[c] >= best) {
                rank++;
            }
        }
        return rank;
    }

    /**
     * Recall at K, from 0 to 1.
     *
     * @param k at least 1
     */
    public double at(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1: " + k);
        }
        int hits = 0;
        for (int rank : ranks) {
            hits += rank <= k ? 1 : 0;
        }
        return (double) hits / ranks.length;
    }
}
