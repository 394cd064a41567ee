package org.generalvision.search.proxy;

import org.generalvision.metanet.SearchSpace;
import org.generalvision.search.SearchConfig;

/**
 * The recipe of a search.
 *
 * @param space what is searched
 * @param search how
 * @param proxy how a candidate is judged
 */
public record SearchRecipe(SearchSpace space, SearchConfig search, ProxyConfig proxy) {}
