package org.generalvision.report;

import java.util.List;

/**
 * A few numbers that say most, large and side by side.
 *
 * @param facts from left to right
 */
public record Facts(List<Fact> facts) implements Figure {
    public Facts {
        facts = List.copyOf(facts);
    }

    /** A number as it is to be read, and what it counts. */
    public record Fact(String number, String name) {}

    @Override
    public Html html() {
        return Html.element(
                "dl",
                "class=\"facts\"",
                Html.join(facts.stream()
                        .map(fact -> Html.element(
                                "div",
                                Html.join(List.of(
                                        Html.element("dd", Html.text(fact.number())),
                                        Html.element("dt", Html.text(fact.name()))))))
                        .toList()));
    }
}
