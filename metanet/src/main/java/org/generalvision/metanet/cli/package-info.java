/**
 * Commands about networks: the zoo and what its members cost and compute, and the search. Only this package of the module prints.
 */
@NullMarked
package org.generalvision.metanet.cli;

import org.jspecify.annotations.NullMarked;
