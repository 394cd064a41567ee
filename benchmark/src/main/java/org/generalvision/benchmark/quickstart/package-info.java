/**
 * The main job on the shipped pictures: pretraining, its baseline, a percentage-shot probe of both against honest baselines,
 * an exported backbone and a page. It shows that every path works; what it measures is small and says so.
 */
@NullMarked
package org.generalvision.benchmark.quickstart;

import org.jspecify.annotations.NullMarked;
