/**
 * Metrics, each computed from predictions and truths alone, so that a stored prediction file is enough to compute a score
 * again. No metric sees a network or an engine.
 */
@NullMarked
package org.generalvision.metric;

import org.jspecify.annotations.NullMarked;
