package org.generalvision.search.proxy;

import java.util.List;
import org.generalvision.metanet.SearchSpace;
import org.generalvision.search.Position;
import org.generalvision.search.SearchConfig;

/**
 * The recipe of a search.
 *
 * @param space what is searched
 * @param search how
 * @param proxy how a candidate is judged
 */
public record SearchRecipe(SearchSpace space, SearchConfig search, ProxyConfig proxy) {
    /** The decisions of a search. */
    public List<Position> positions() {
        return MetaNetSpace.positions(space);
    }
}
