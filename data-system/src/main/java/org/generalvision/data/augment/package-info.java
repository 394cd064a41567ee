/**
 * How an encoded image becomes the numbers of a batch: header check, decoding, crop, random changes, normalization. Every
 * random draw comes from a stream keyed by what it is for, see {@link org.generalvision.data.augment.RandomStream}.
 */
@NullMarked
package org.generalvision.data.augment;

import org.jspecify.annotations.NullMarked;
