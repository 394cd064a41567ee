package org.generalvision.data.scene;

import com.google.common.collect.Iterators;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.generalvision.data.source.Candidate;
import org.generalvision.data.source.CollectionSource;

/**
 * The scenes of a recipe as a collection, every one marked synthetic. Cut-outs and photographs that cannot be used come
 * first, as rejected items. Scenes are made by as many threads as there are cores, and come in their order.
 */
public final class SceneSource implements CollectionSource, AutoCloseable {
    public static final String NAME = "composed scenes";

    /** Scenes made side by side before the next are begun. */
    private static final int CHUNK = 128;

    private final SceneRecipe recipe;
    private final CutoutLibrary library;
    private final SceneComposer composer;
    private final List<CutoutLibrary.Unusable> unusable;

    private SceneSource(SceneRecipe recipe, CutoutLibrary library, Backdrops backdrops) {
        this.recipe = recipe;
        this.library = library;
        composer = new SceneComposer(recipe.scene(), recipe.seed(), recipe.split(), library, backdrops);
        unusable = Stream.concat(library.unusable().stream(), backdrops.unusable().stream())
                .toList();
    }

    /**
     * Opens the cut-outs and backdrops of a recipe, and reads each once.
     *
     * @param cache folder into which the starter corpus is copied, if it is asked for
     * @throws IllegalArgumentException if a class or a folder has nothing that can be used
     */
    public static SceneSource open(SceneRecipe recipe, Path cache) {
        Backdrops backdrops = new Backdrops(recipe.scene(), recipe.split());
        CutoutLibrary library = CutoutLibrary.open(
                recipe.cutouts(), recipe.split(), recipe.scene().labels(), cache);
        return new SceneSource(recipe, library, backdrops);
    }

    /** Scenes and what cannot be used for them. */
    @Override
    public long size() {
        return unusable.size() + recipe.count();
    }

    @Override
    public Iterator<Candidate> iterator() {
        Stream<Candidate> rejected = unusable.stream().map(item -> new Candidate.Rejected(item.id(), item.reason()));
        long numChunks = (recipe.count() + CHUNK - 1) / CHUNK;
        Iterator<List<Candidate>> chunks =
                LongStream.range(0, numChunks).mapToObj(this::chunk).iterator();
        return Iterators.concat(rejected.iterator(), Iterators.concat(Iterators.transform(chunks, List::iterator)));
    }

    private List<Candidate> chunk(long number) {
        long first = number * CHUNK;
        return LongStream.range(first, Math.min(recipe.count(), first + CHUNK))
                .parallel()
                .mapToObj(index -> (Candidate) new Candidate.Accepted(composer.compose(index)))
                .toList();
    }

    @Override
    public void close() {
        library.close();
    }
}
