/**
 * Pages that show a result to a person: one HTML file that needs nothing else, no network and no script. It knows tables,
 * curves, pictures and confusion matrices, not what was measured.
 */
@NullMarked
package org.generalvision.benchmark.report;

import org.jspecify.annotations.NullMarked;
