/**
 * The Expert stage: one shared backbone, which usually starts as an Amateur's image tower, and for each data set a head of its own,
 * trained in turns by weight and measured on held-out data.
 */
@NullMarked
package org.generalvision.upstream.expert;

import org.jspecify.annotations.NullMarked;
