/**
 * Layers and operators: what a network is made of. Networks are DJL blocks whose {@code forward} reads like the paper;
 * operators that DJL lacks come from one TorchScript library, {@link org.generalvision.nn.Ops}.
 */
@NullMarked
package org.generalvision.nn;

import org.jspecify.annotations.NullMarked;
