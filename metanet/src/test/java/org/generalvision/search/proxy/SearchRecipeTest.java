package org.generalvision.search.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.generalvision.metanet.SearchSpace;
import org.generalvision.recipe.Recipe;
import org.junit.jupiter.api.Test;

class SearchRecipeTest {
    @Test
    void theShippedRecipeSearchesTheDeskSpaceAndReadsBackAsItPrints() {
        Recipe recipe = Recipe.shipped("search-desk");
        SearchRecipe typed = recipe.as(SearchRecipe.class);
        assertThat(typed.space()).isEqualTo(SearchSpace.DESK);
        assertThat(typed.positions()).hasSameSizeAs(SearchSpace.DESK.positions());
        assertThat(typed.search().trials()).isEqualTo(200);
        assertThat(Recipe.of("printed", "printed", recipe.text()).as(SearchRecipe.class))
                .isEqualTo(typed);
    }

    @Test
    void everyRecipeOfASearchIsTested() {
        assertThat(Recipe.names().stream().filter(name -> name.startsWith("search-")))
                .containsExactly("search-desk");
    }
}
