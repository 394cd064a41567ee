/**
 * The engine: one training loop, one training step, optimizers, schedules, checkpoints and run directories. It knows no
 * method; a method is an {@link org.generalvision.train.Objective}.
 */
@NullMarked
package org.generalvision.train;

import org.jspecify.annotations.NullMarked;
