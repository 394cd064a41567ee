package org.generalvision.search;

import java.util.ArrayList;
import java.util.List;

/**
 * In what respects two candidates are alike, each from 0 to 1:
 *
 * <ul>
 *   <li>for each property, such as the operator, the share of its positions with equal choices;
 *   <li>exp(-differing positions / 5), which neighbors share beyond that;
 *   <li>exp(-(difference of the logarithms of multiply-adds)^2 / (2 * 0.5^2)).
 * </ul>
 *
 * <p>Each is a positive definite kernel, and so is every sum of them with weights that are not negative.
 */
final class Similarity {
    private static final double JOINT_RANGE = 5;
    private static final double COST_RANGE = 0.5;

    private final TokenSpace space;
    private final List<String> properties;
    private final int[] propertyOf;
    private final int[] positionsOf;

    /** A candidate with what it costs. */
    record Point(Tokens tokens, double logMacs) {}

    Similarity(TokenSpace space) {
        this.space = space;
        List<Position> positions = space.positions();
        properties = positions.stream().map(Position::property).distinct().toList();
        propertyOf = positions.stream()
                .mapToInt(position -> properties.indexOf(position.property()))
                .toArray();
        positionsOf = new int[properties.size()];
        for (int property : propertyOf) {
            positionsOf[property]++;
        }
    }

    Point point(Tokens tokens) {
        return new Point(tokens, Math.log((double) space.size(tokens).macs()));
    }

    /** What the entries of {@link #of} are. */
    List<String> names() {
        List<String> names = new ArrayList<>(properties);
        names.add("all together");
        names.add("multiply-adds");
        return names;
    }

    double[] of(Point a, Point b) {
        int count = properties.size();
        double[] similarity = new double[count + 2];
        int different = 0;
        for (int i = 0; i < propertyOf.length; i++) {
            if (a.tokens().at(i) == b.tokens().at(i)) {
                similarity[propertyOf[i]] += 1.0 / positionsOf[propertyOf[i]];
            } else {
                different++;
            }
        }
        double cost = (a.logMacs() - b.logMacs()) / COST_RANGE;
        similarity[count] = Math.exp(-different / JOINT_RANGE);
        similarity[count + 1] = Math.exp(-cost * cost / 2);
        return similarity;
    }
}
