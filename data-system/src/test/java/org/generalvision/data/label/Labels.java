package org.generalvision.data.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Small label systems for tests. */
final class Labels {
    private Labels() {}

    /** A concept whose names are in English, of kind object. */
    static Concept concept(String id, List<String> parents, String... names) {
        return new Concept(id, Kind.OBJECT, parents, names(names), List.of(), "");
    }

    static List<Concept.Name> names(String... names) {
        return Arrays.stream(names).map(name -> new Concept.Name(name, "en")).toList();
    }

    /** Animals, with two ways up from dog, and a name that two concepts claim. */
    static LabelSystem animals() {
        return LabelSystem.of(List.of(
                concept("animal", List.of(), "animal", "beast"),
                concept("pet", List.of("animal"), "pet"),
                concept("canine", List.of("animal"), "canine", "canid"),
                new Concept(
                        "dog",
                        Kind.OBJECT,
                        List.of("canine", "pet"),
                        List.of(
                                new Concept.Name("dog", "en", 1, 42),
                                new Concept.Name("domestic dog", "en"),
                                new Concept.Name("\u72d7", "zh")),
                        List.of(new Concept.Description("barks", "en"), new Concept.Description("\u53eb", "zh")),
                        "{\"academic\":[\"coco\"]}"),
                concept("poodle", List.of("dog"), "poodle", "poodle dog"),
                concept("cat", List.of("pet"), "cat", "true cat"),
                new Concept(
                        "andiron",
                        Kind.OBJECT,
                        List.of(),
                        List.of(new Concept.Name("andiron", "en"), new Concept.Name("dog", "en", 7, 0)),
                        List.of(),
                        ""),
                new Concept("small", Kind.ATTRIBUTE, List.of(), names("small", "little"), List.of(), ""),
                new Concept("idea", Kind.NON_VISUAL, List.of(), names("idea"), List.of(), "")));
    }

    /** A random graph in which each concept has up to three parents among the earlier ones. */
    static LabelSystem random(RandomGenerator random, int size) {
        List<Concept> concepts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            List<String> parents = new ArrayList<>();
            for (int k = random.nextInt(4); k > 0 && i > 0; k--) {
                String parent = "c" + random.nextInt(i);
                if (!parents.contains(parent)) {
                    parents.add(parent);
                }
            }
            List<Concept.Name> names = new ArrayList<>();
            names.add(new Concept.Name("name " + random.nextInt(size), "en", random.nextInt(5), random.nextInt(9)));
            if (random.nextBoolean()) {
                names.add(new Concept.Name("\u540d" + random.nextInt(size), "zh"));
            }
            concepts.add(new Concept(
                    "c" + i,
                    Kind.ofCode(random.nextInt(6)),
                    parents,
                    names,
                    random.nextBoolean() ? List.of() : List.of(new Concept.Description("d" + i, "en")),
                    random.nextBoolean() ? "" : "[\"visual\"]"));
        }
        return LabelSystem.of(concepts);
    }
}
