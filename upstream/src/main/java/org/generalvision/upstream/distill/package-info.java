/**
 * Distillation: a student, an expert over any network of the zoo, learns from a trained expert, generalist or student on the batches
 * of one or more data sets: its features, what its heads say, and, if wanted, the labels.
 */
@NullMarked
package org.generalvision.upstream.distill;

import org.jspecify.annotations.NullMarked;
