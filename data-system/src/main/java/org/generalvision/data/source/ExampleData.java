package org.generalvision.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Apportionment;
import org.generalvision.data.store.Location;
import org.generalvision.data.view.Condition;
import org.generalvision.data.view.ExampleView;
import org.generalvision.data.view.ExampleView.Limit;
import org.generalvision.data.view.MixedExamples;
import org.generalvision.recipe.Spelling;
import org.jspecify.annotations.Nullable;

/** Where a recipe's examples come from. */
public sealed interface ExampleData {
    /**
     * Opens the examples.
     *
     * @param cache folder into which the starter corpus is copied, if it is asked for
     */
    ExampleSource open(Path cache);

    /**
     * A split of the corpus that is shipped with the project.
     *
     * @param split such as {@code clipart-train}
     */
    record Starter(String split) implements ExampleData {
        public Starter {
            if (!StarterCorpus.splits().contains(split)) {
                throw new IllegalArgumentException(
                        "split is unknown: " + split + Spelling.suggestion(split, StarterCorpus.splits()));
            }
        }

        @Override
        public ExampleSource open(Path cache) {
            return StarterCorpus.open(split, cache);
        }
    }

    /**
     * A directory of shards, as {@code gv data build} makes it, without what curation steps have removed.
     *
     * @param directory that holds {@code manifest.json}: a {@link Location}
     */
    record Shards(String directory) implements ExampleData {
        public Shards {
            Location.require("directory", directory);
        }

        @Override
        public ExampleSource open(Path cache) {
            return CuratedSource.open(Location.parse(directory));
        }
    }

    /**
     * The examples that meet all conditions.
     *
     * @param of where they come from; no mixture
     * @param where conditions, judged in their order; empty for all examples
     * @param limit how many of them, or null for all
     */
    record View(
            ExampleData of, List<Condition> where, @Nullable Limit limit) implements ExampleData {
        public View {
            requireNoMixture("of", of);
            where = List.copyOf(where);
        }

        @Override
        public ExampleSource open(Path cache) {
            ExampleSource source = of.open(cache);
            try {
                return ExampleView.of(source, where, limit, cache.resolve("views"));
            } catch (RuntimeException e) {
                source.close();
                throw e;
            }
        }
    }

    /**
     * Several sources, drawn by weight.
     *
     * @param draws in an epoch
     * @param members at least one, each with examples; none a mixture itself
     */
    record Mixture(long draws, List<Member> members) implements ExampleData {
        public Mixture {
            if (draws < 1) {
                throw new IllegalArgumentException("draws must be positive: " + draws);
            }
            members = List.copyOf(members);
            long distinct = members.stream().map(Member::name).distinct().count();
            if (members.isEmpty() || distinct != members.size()) {
                throw new IllegalArgumentException("members must be named, each once: "
                        + members.stream().map(Member::name).toList());
            }
            // Refuses weights that no order can be made of, before anything is opened.
            new Apportionment(members.stream().map(Member::weight).toList());
        }

        @Override
        public MixedExamples open(Path cache) {
            List<MixedExamples.Part> parts = new ArrayList<>();
            try {
                for (Member member : members) {
                    ExampleSource source = member.data().open(cache);
                    parts.add(new MixedExamples.Part(member.name(), source, member.weight()));
                    if (source.size() == 0) {
                        throw new IllegalArgumentException(
                                "Member %s of the mixture has no examples: ".formatted(member.name())
                                        + "loosen its conditions or leave it out");
                    }
                }
                return new MixedExamples(draws, parts);
            } catch (RuntimeException e) {
                parts.forEach(part -> part.source().close());
                throw e;
            }
        }
    }

    /**
     * A member of a mixture.
     *
     * @param name what it is called in reports
     * @param weight its part of the draws, relative to the others; a whole number
     */
    record Member(String name, long weight, ExampleData data) {
        public Member {
            requireNoMixture("data", data);
        }
    }

    private static void requireNoMixture(String name, ExampleData data) {
        if (data instanceof Mixture) {
            throw new IllegalArgumentException(
                    name + " must not be a mixture, whose weights would be lost: name its members one by one");
        }
    }
}
