/**
 * MetaNet, the backbone family of the INTERN system (arXiv 2111.08687), in which each of six stages has its own operator:
 * convolution or attention. A member is a {@link org.generalvision.metanet.MetaNetConfig}, which is data.
 */
@NullMarked
package org.generalvision.metanet;

import org.jspecify.annotations.NullMarked;
