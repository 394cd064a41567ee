package org.generalvision.data.view;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Caption;

/** What an example must be to belong to a view. */
public sealed interface Condition {
    boolean accepts(Example example);

    /** The example as the view shows it. */
    default Example shown(Example example) {
        return example;
    }

    /**
     * Everything named is annotated.
     *
     * @param with at least one
     */
    record Annotated(List<Annotation> with) implements Condition {
        public Annotated {
            with = List.copyOf(with);
            requireSome("with", with);
        }

        @Override
        public boolean accepts(Example example) {
            return with.stream().allMatch(annotation -> annotation.isOn(example));
        }
    }

    /** What a record can carry beside its image. */
    enum Annotation {
        CAPTIONS,
        LABELS,
        BOXES,
        MASKS,
        DEPTH;

        boolean isOn(Example example) {
            return switch (this) {
                case CAPTIONS -> !example.captions().isEmpty();
                case LABELS -> !example.labels().isEmpty();
                case BOXES -> !example.boxes().isEmpty();
                case MASKS -> !example.masks().isEmpty();
                case DEPTH -> example.depth() != null;
            };
        }
    }

    /**
     * The licence is among those allowed; of several that apply together ({@code A AND B}), all are.
     *
     * @param allow SPDX identifiers or names, as the examples carry them
     */
    record Licences(List<String> allow) implements Condition {
        public Licences {
            allow = List.copyOf(allow);
            requireSome("allow", allow);
        }

        @Override
        public boolean accepts(Example example) {
            return allow.contains(example.licence())
                    || Splitter.on(" AND ").splitToStream(example.licence()).allMatch(allow::contains);
        }
    }

    /**
     * A caption is in one of the languages and long enough; those that are not are not shown.
     *
     * @param languages BCP 47; {@code en} also stands for {@code en-GB}; empty for any
     * @param minWords fewest words, divided by spaces; at least 1
     */
    record Captions(List<String> languages, int minWords) implements Condition {
        private static final Splitter SPACE =
                Splitter.on(com.google.common.base.CharMatcher.whitespace()).omitEmptyStrings();

        public Captions {
            languages = List.copyOf(languages);
            if (minWords < 1) {
                throw new IllegalArgumentException("minWords must be at least 1: " + minWords);
            }
        }

        @Override
        public boolean accepts(Example example) {
            return example.captions().stream().anyMatch(this::good);
        }

        @Override
        public Example shown(Example example) {
            List<Caption> good = example.captions().stream().filter(this::good).toList();
            return good.size() == example.captions().size()
                    ? example
                    : example.toBuilder().captions(good).build();
        }

        private boolean good(Caption caption) {
            return spoken(caption.language().toLowerCase(Locale.ROOT))
                    && SPACE.splitToStream(caption.text()).limit(minWords).count() == minWords;
        }

        private boolean spoken(String language) {
            return languages.isEmpty()
                    || languages.stream()
                            .map(wanted -> wanted.toLowerCase(Locale.ROOT))
                            .anyMatch(wanted -> language.equals(wanted) || language.startsWith(wanted + "-"));
        }
    }

    /**
     * A label is among those wanted, and none is among those excluded.
     *
     * @param include labels of which one is needed; empty for any or none
     * @param exclude labels that must not be there
     */
    record Labels(List<String> include, List<String> exclude) implements Condition {
        public Labels {
            include = List.copyOf(include);
            exclude = List.copyOf(exclude);
            if (include.isEmpty() && exclude.isEmpty()) {
                throw new IllegalArgumentException("include or exclude must name a label");
            }
            if (include.stream().anyMatch(Set.copyOf(exclude)::contains)) {
                throw new IllegalArgumentException(
                        "include and exclude must not name the same label: %s, %s".formatted(include, exclude));
            }
        }

        @Override
        public boolean accepts(Example example) {
            return (include.isEmpty() || example.labels().stream().anyMatch(include::contains))
                    && example.labels().stream().noneMatch(exclude::contains);
        }
    }

    /** Made by a program, or not. */
    record Synthetic(boolean wanted) implements Condition {
        @Override
        public boolean accepts(Example example) {
            return example.synthetic() == wanted;
        }
    }

    /**
     * A number in [0, 1) that is computed from the example's id lies in a range. Ranges that do not overlap make parts of one
     * source that share no example, whatever else is added to or removed from it.
     *
     * @param from first number that belongs to the part
     * @param to first number that does not, above {@code from}
     * @param seed gives other parts
     */
    record Share(double from, double to, long seed) implements Condition {
        private static final double TWO_TO_THE_53 = 0x1p53;

        public Share {
            if (!(from >= 0 && from < to && to <= 1)) {
                throw new IllegalArgumentException(
                        "from and to must be such that 0 <= from < to <= 1: %s, %s".formatted(from, to));
            }
        }

        @Override
        public boolean accepts(Example example) {
            long bits = RandomStream.mix(seed, RandomStream.hash(example.id()));
            double number = (bits >>> 11) / TWO_TO_THE_53;
            return number >= from && number < to;
        }
    }

    private static void requireSome(String name, List<?> items) {
        if (items.isEmpty()) {
            throw new IllegalArgumentException(name + " must not be empty");
        }
    }
}
