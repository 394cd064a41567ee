package org.generalvision.benchmark.evidence;

import java.util.List;

/** All studies. */
final class Studies {
    private Studies() {}

    static List<Study> all() {
        return List.of(
                ImageTextStudies.dataEfficiency(),
                ImageTextStudies.ablation(),
                TaskStudies.generalists(),
                TaskStudies.backbones(),
                TaskStudies.local(),
                TaskStudies.distillation());
    }
}
