package org.generalvision.data.curate;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult.NodeScore;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;

/**
 * Finds what is near in a graph of neighbors (Subramanya et al., DiskANN, 2019, with the layers of HNSW): not every pair is
 * found, but of those that are duplicates nearly all, in a time that grows with N log N.
 *
 * <p>Equal embeddings are joined before by sorting, since many of them at one place would hide what is around. The graph is
 * grown by one thread in the order of the examples, so the same embeddings always give the same groups; the searches, one for
 * each embedding, run side by side.
 */
final class NeighborGraph {
    /** Neighbors of a node, and how many candidates they are chosen from. */
    private static final int DEGREE = 16;

    private static final int CONSTRUCTION_BEAM = 64;
    private static final float OVERFLOW = 1.2f;
    private static final float ALPHA = 1.2f;

    /** Results of a first search, and candidates that it follows; a full result is searched for again, twice as wide. */
    private static final int RESULTS = 16;

    private static final int BEAM_PER_RESULT = 4;

    /** Searches that are done before their pairs are joined. */
    private static final int CHUNK = 1 << 14;

    /** Held, because loggers are forgotten otherwise. */
    private static final Logger LIBRARY = Logger.getLogger("io.github.jbellis.jvector");

    static {
        // It warns of Java before 20 and of the number of cores, which is of no use to whoever removes duplicates.
        LIBRARY.setLevel(Level.SEVERE);
    }

    private static final VectorTypeSupport TYPES =
            VectorizationProvider.getInstance().getVectorTypeSupport();

    private final float[][] vectors;
    private final double similarity;
    private final Nodes nodes;

    private NeighborGraph(float[][] vectors, double similarity, Nodes nodes) {
        this.vectors = vectors;
        this.similarity = similarity;
        this.nodes = nodes;
    }

    /**
     * Joins what is near, as {@link AllPairs} does.
     *
     * @param vectors (N, D) of length 1, or with NaN, which is near to nothing
     * @param similarity cosine from which two are near
     */
    static Groups groups(float[][] vectors, double similarity) {
        Groups groups = new Groups(vectors.length);
        int[] distinct = distinct(vectors, groups);
        if (distinct.length > 1) {
            new NeighborGraph(vectors, similarity, new Nodes(vectors, distinct)).join(groups);
        }
        return groups;
    }

    /** Joins equal vectors and returns the first of each, without those that are not finite. */
    private static int[] distinct(float[][] vectors, Groups groups) {
        long[] hashes = new long[vectors.length];
        Arrays.parallelSetAll(hashes, i -> hash(vectors[i]));
        long[] sorted = Arrays.stream(hashes).parallel().sorted().distinct().toArray();
        int[] first = new int[sorted.length];
        Arrays.fill(first, -1);
        return IntStream.range(0, vectors.length)
                .filter(i -> Vectors.isFinite(vectors[i]))
                .filter(i -> {
                    int place = Arrays.binarySearch(sorted, hashes[i]);
                    if (first[place] >= 0 && Arrays.equals(vectors[first[place]], vectors[i])) {
                        groups.join(first[place], i);
                        return false;
                    }
                    first[place] = first[place] < 0 ? i : first[place];
                    return true;
                })
                .toArray();
    }

    private static long hash(float[] vector) {
        long hash = 0;
        for (float value : vector) {
            // The multiplier of Knuth's MMIX; adding 0 makes one zero of two.
            hash = (hash ^ Float.floatToIntBits(value + 0f)) * 6364136223846793005L + 1442695040888963407L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private void join(Groups groups) {
        ForkJoinPool alone = new ForkJoinPool(1);
        BuildScoreProvider scores =
                BuildScoreProvider.randomAccessScoreProvider(nodes, VectorSimilarityFunction.DOT_PRODUCT);
        try (GraphIndexBuilder builder = GraphIndexBuilder.builder(scores, nodes.dimension(), List.of(DEGREE))
                .withBeamWidth(CONSTRUCTION_BEAM)
                .withNeighborOverflow(OVERFLOW)
                .withAlpha(ALPHA)
                .withSimdExecutor(alone)
                .withParallelExecutor(alone)
                .build()) {
            for (int node = 0; node < nodes.size(); node++) {
                builder.addGraphNode(node, nodes.getVector(node));
            }
            builder.cleanup();
            search(builder.getGraph(), groups);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // declared only: the graph lies in memory
        } finally {
            alone.shutdown();
        }
    }

    private void search(ImmutableGraphIndex graph, Groups groups) {
        int threads = Scan.threads();
        for (int from = 0; from < nodes.size(); from += CHUNK) {
            int begin = from;
            int end = Math.min(nodes.size(), from + CHUNK);
            IntStream.range(0, threads)
                    .parallel()
                    .mapToObj(part -> pairs(graph, begin + part, end, threads))
                    .toList()
                    .forEach(pairs -> pairs.forEach(pair -> groups.join(pair[0], pair[1])));
        }
    }

    /** Pairs of examples that are near, of every so many nodes. */
    private List<int[]> pairs(ImmutableGraphIndex graph, int from, int to, int stride) {
        List<int[]> found = new ArrayList<>();
        try (GraphSearcher searcher = new GraphSearcher(graph)) {
            for (int node = from; node < to; node += stride) {
                int example = nodes.example(node);
                for (int other : near(searcher, node)) {
                    if (other != example) {
                        found.add(new int[] {example, other});
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // declared only: the graph lies in memory
        }
        return found;
    }

    /** The examples that are near a node's, itself perhaps among them. */
    private int[] near(GraphSearcher searcher, int node) {
        float[] vector = vectors[nodes.example(node)];
        DefaultSearchScoreProvider scores =
                DefaultSearchScoreProvider.exact(nodes.getVector(node), VectorSimilarityFunction.DOT_PRODUCT, nodes);
        for (int results = RESULTS; ; results *= 2) {
            NodeScore[] nearest = searcher.search(scores, results, BEAM_PER_RESULT * results, 0, 0, Bits.ALL)
                    .getNodes();
            int[] near = Arrays.stream(nearest)
                    .mapToInt(score -> nodes.example(score.node))
                    .filter(other -> Vectors.dot(vector, vectors[other]) >= similarity)
                    .toArray();
            if (near.length < nearest.length || nearest.length < results) {
                return near;
            }
        }
    }

    /** The vectors of some examples, numbered from 0. */
    private static final class Nodes implements RandomAccessVectorValues {
        private final float[][] vectors;
        private final int[] examples;

        Nodes(float[][] vectors, int[] examples) {
            this.vectors = vectors;
            this.examples = examples;
        }

        int example(int node) {
            return examples[node];
        }

        @Override
        public int size() {
            return examples.length;
        }

        @Override
        public int dimension() {
            return vectors[examples[0]].length;
        }

        @Override
        public VectorFloat<?> getVector(int node) {
            return TYPES.createFloatVector(vectors[examples[node]]);
        }

        @Override
        public boolean isValueShared() {
            return false;
        }

        @Override
        public RandomAccessVectorValues copy() {
            return this;
        }
    }
}
