/**
 * Search for networks: a controller trained by proximal policy optimization, random search and regularized evolution beside it,
 * a journal of every trial, and evaluations that several processes share. It knows spaces of tokens and evaluators, not
 * networks or data.
 */
@NullMarked
package org.generalvision.search;

import org.jspecify.annotations.NullMarked;
