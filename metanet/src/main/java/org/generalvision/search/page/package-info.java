/** The page of a search: what was found, how the searches compare, and what the controller came to prefer. */
@NullMarked
package org.generalvision.search.page;

import org.jspecify.annotations.NullMarked;
