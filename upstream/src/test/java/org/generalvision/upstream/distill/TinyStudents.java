package org.generalvision.upstream.distill;

import java.nio.file.Path;
import java.util.List;
import org.generalvision.recipe.Recipe;
import org.generalvision.upstream.generalist.Squares;

/** Students of a teacher in the folder {@code teacher}, on the data in the folder {@code squares}. */
final class TinyStudents {
    private static final String RECIPE = """
            kind: distill
            model:
              image: >-
                stem_c8 fused-mbconv_e1_s1_r1_c8 fused-mbconv_e2_s2_r1_c12 fused-mbconv_e2_s2_r1_c16 mbconv_e2_s2_r1_c24
                mbconv_e2_s1_r1_c24 mbconv_e2_s2_r1_c32 head_c48
              resolution: 64
              dropPath: 0
              norms: shared
              pyramid: {strides: [8, 16], width: 8}
            distillation:
              teacher: %s
              otherTeachers: []
              features:
                - {place: stride8, distance: cosine, weight: 1}
                - {place: pooled, distance: l2, weight: 1}
              classes: {weight: 1, temperature: 2}
              pixels: {weight: 1, temperature: 1}
              depth: {weight: 1, distance: l1}
              pyramid: {weight: 1, distance: l2}
              labels: {classification: 1, detection: 1, segmentation: 0.5, depth: 0}
            """;

    private TinyStudents() {}

    /** A recipe of four steps, with overrides. */
    static Recipe recipe(Path folder, String... overrides) {
        return Squares.recipe(RECIPE.formatted(folder.resolve("teacher")), folder.resolve("squares"))
                .with(List.of("train.steps=4"))
                .with(List.of(overrides));
    }
}
