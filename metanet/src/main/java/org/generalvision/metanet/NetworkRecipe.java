package org.generalvision.metanet;

import org.generalvision.recipe.Recipe;

/**
 * A member of the family as a recipe states it.
 *
 * @param architecture the network, written as its line
 * @param classes number of classes of the published network; 0 if it ends with the pooled feature
 * @param resolution side of the square pictures it is meant for, in pixels
 * @param source where it was published
 */
public record NetworkRecipe(Architecture architecture, int classes, int resolution, String source) {
    public NetworkRecipe {
        Architecture.requireBetween("classes", classes, 0, Integer.MAX_VALUE);
        Architecture.requireBetween("resolution", resolution, 1, 65_536);
    }

    /** A member that comes with the project, by the name of its recipe, such as {@code mn-b4}. */
    public static NetworkRecipe shipped(String name) {
        return Recipe.shipped(name).as(NetworkRecipe.class);
    }
}
