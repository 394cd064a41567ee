/**
 * The linear probe: multinomial logistic regression in float64 on features of a frozen backbone, its regularization chosen
 * on the training share alone, and the cache that lets one forward pass serve every share and seed.
 */
@NullMarked
package org.generalvision.benchmark.probe;

import org.jspecify.annotations.NullMarked;
