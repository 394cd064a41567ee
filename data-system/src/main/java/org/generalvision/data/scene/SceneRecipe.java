package org.generalvision.data.scene;

import org.generalvision.data.source.Split;

/**
 * A set of composed scenes.
 *
 * @param seed of everything that is drawn
 * @param split which cut-outs and photographs are used; those of different splits never meet
 * @param count number of scenes
 * @param cutouts where the objects come from
 * @param scene how a scene is made
 */
public record SceneRecipe(long seed, Split split, long count, CutoutData cutouts, SceneConfig scene) {
    public SceneRecipe {
        if (count < 1) {
            throw new IllegalArgumentException("count must be positive: " + count);
        }
    }
}
