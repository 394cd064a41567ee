/**
 * The Generalist stage: one network for image, patch and pixel tasks at once, either with a branch for each task that reads the
 * others and never writes them (soft sharing) or with one backbone for all (hard sharing), and a gate against the experts.
 */
@NullMarked
package org.generalvision.upstream.generalist;

import org.jspecify.annotations.NullMarked;
