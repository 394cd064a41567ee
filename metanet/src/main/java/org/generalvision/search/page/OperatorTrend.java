package org.generalvision.search.page;

import java.util.ArrayList;
import java.util.List;
import org.generalvision.report.Figure;
import org.generalvision.report.Shares;
import org.generalvision.search.Arm;
import org.generalvision.search.Position;
import org.generalvision.search.Trial;

/** How often each choice of a property was tried, stage by stage, as PPO's trials went on. */
record OperatorTrend(List<Position> positions, List<Arm> arms) {
    private static final int BARS = 10;

    /** A figure for each stage that chooses the property. */
    List<Figure> figures(String property) {
        List<List<Trial>> bars = bars();
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < positions.size() && !bars.isEmpty(); i++) {
            if (positions.get(i).property().equals(property)) {
                figures.add(figure(i, bars));
            }
        }
        return figures;
    }

    /** Trials of PPO with all seeds, cut into equal parts by number. */
    private List<List<Trial>> bars() {
        List<Arm> own =
                arms.stream().filter(arm -> arm.method() == Arm.Method.PPO).toList();
        int longest = own.stream().mapToInt(arm -> arm.trials().size()).max().orElse(0);
        int count = Math.min(BARS, longest);
        List<List<Trial>> bars = new ArrayList<>();
        for (int bar = 0; bar < count; bar++) {
            int begin = longest * bar / count;
            int end = longest * (bar + 1) / count;
            bars.add(own.stream()
                    .flatMap(arm -> arm.trials().stream())
                    .filter(trial -> trial.trial() >= begin && trial.trial() < end)
                    .toList());
        }
        return bars;
    }

    private Shares figure(int place, List<List<Trial>> bars) {
        Position position = positions.get(place);
        List<Shares.Part> parts = new ArrayList<>();
        for (int choice = 0; choice < position.choices().size(); choice++) {
            int wanted = choice;
            parts.add(new Shares.Part(
                    position.choices().get(choice),
                    bars.stream()
                            .map(trials -> 100.0
                                    * trials.stream()
                                            .filter(trial -> trial.tokens().at(place) == wanted)
                                            .count()
                                    / trials.size())
                            .toList()));
        }
        List<String> names = bars.stream()
                .map(trials -> "%d-%d"
                        .formatted(
                                trials.stream().mapToInt(Trial::trial).min().orElse(0) + 1,
                                trials.stream().mapToInt(Trial::trial).max().orElse(0) + 1))
                .toList();
        return new Shares("trials", position.name() + " (%)", names, parts);
    }
}
