/**
 * MetaNet, the backbone family of the INTERN system (arXiv 2111.08687), and the space of networks that it was found in, in
 * which each stage has its own operator: convolution, attention or MLP. A member is an {@link
 * org.generalvision.metanet.Architecture}, which is data.
 */
@NullMarked
package org.generalvision.metanet;

import org.jspecify.annotations.NullMarked;
