package org.generalvision.nn;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.nn.TokenOps.Windows;

/** Operators on tokens and windows with their definitions, for {@link OperatorTest}. */
final class TokenCases {
    private static final Shape TOKENS = new Shape(2, 5, 3);

    /** Two windows down and two across, the last ones in part beyond the map. */
    private static final Windows PLAIN = new Windows(3, 0, 0, 5, 4);

    private static final Windows SHIFTED = new Windows(3, 1, 2, 5, 4);

    /** Shifted along one axis, as where the map is no wider than a window. */
    private static final Windows SHIFTED_DOWN = Windows.of(3, 1, 5, 3);

    private TokenCases() {}

    static Stream<OperatorCase> tokens() {
        return Stream.of(
                new OperatorCase(
                        "a token in front",
                        List.of(TOKENS, new Shape(1, 1, 3)),
                        x -> TokenOps.prepend(x.get(0), x.get(1)),
                        x -> Plain.filled(
                                i -> i[1] == 0
                                        ? x.get(1).at(0, 0, i[2])
                                        : x.get(0).at(i[0], i[1] - 1, i[2]),
                                2,
                                6,
                                3)),
                OperatorCase.of(
                        "without the first token",
                        TOKENS,
                        TokenOps::withoutFirst,
                        x -> Plain.filled(i -> x.at(i[0], i[1] + 1, i[2]), 2, 4, 3)),
                OperatorCase.of(
                        "filled up with zeros",
                        TOKENS,
                        x -> TokenOps.fill(x, 2),
                        x -> Plain.filled(i -> i[1] < 5 ? x.at(i) : 0, 2, 7, 3)),
                OperatorCase.of("mean of the tokens", TOKENS, TokenOps::mean, TokenCases::mean),
                OperatorCase.of(
                        "the only entry",
                        new Shape(1, 4, 3),
                        x -> TokenOps.only(x, x),
                        x -> Plain.filled(i -> x.at(0, i[0], i[1]), 4, 3)),
                OperatorCase.of(
                        "heads of the second part",
                        new Shape(2, 5, 12),
                        x -> Ops.splitHeads(x, 2, 3).get(1),
                        x -> Plain.filled(i -> x.at(i[0], i[2], 6 + 2 * i[1] + i[3]), 2, 3, 5, 2)),
                OperatorCase.of(
                        "merged neighbors", new Shape(2, 5, 4, 3), TokenOps::mergeNeighbors, TokenCases::merged));
    }

    private static Plain mean(Plain x) {
        return Plain.filled(
                i -> {
                    double sum = 0;
                    for (int n = 0; n < 5; n++) {
                        sum += x.at(i[0], n, i[1]);
                    }
                    return sum / 5;
                },
                2,
                3);
    }

    /** Upper left, lower left, upper right, lower right; zeros beyond the map. */
    private static Plain merged(Plain x) {
        return Plain.filled(
                i -> {
                    int neighbor = i[3] / 3;
                    int row = 2 * i[1] + neighbor % 2;
                    int column = 2 * i[2] + neighbor / 2;
                    return row < 5 && column < 4 ? x.at(i[0], row, column, i[3] % 3) : 0;
                },
                2,
                3,
                2,
                12);
    }

    static Stream<OperatorCase> windows() {
        return Stream.of(PLAIN, SHIFTED, SHIFTED_DOWN)
                .flatMap(w -> Stream.of(
                        OperatorCase.of(
                                "cut into " + w,
                                new Shape(2, w.height(), w.width(), 3),
                                x -> TokenOps.windows(x, w),
                                x -> cut(x, w)),
                        OperatorCase.of(
                                "joined from " + w,
                                new Shape(2 * count(w), 9, 3),
                                x -> TokenOps.map(x, w),
                                x -> joined(x, w)),
                        OperatorCase.of(
                                "bias of " + w,
                                new Shape(25, 2),
                                x -> TokenOps.windowBias(x, x, w, 2),
                                x -> bias(x, w))));
    }

    private static long whole(long size, long side) {
        return (size + side - 1) / side * side;
    }

    private static long count(Windows w) {
        return whole(w.height(), w.side()) * whole(w.width(), w.side()) / (w.side() * w.side());
    }

    /** Row and column in the filled map, before the shift, of a place of a window. */
    private static int[] place(Windows w, long window, int place) {
        long side = w.side();
        long across = whole(w.width(), side) / side;
        long row = window / across * side + place / side;
        long column = window % across * side + place % side;
        return new int[] {
            (int) ((row + w.shiftRows()) % whole(w.height(), side)),
            (int) ((column + w.shiftColumns()) % whole(w.width(), side))
        };
    }

    private static Plain cut(Plain x, Windows w) {
        long each = count(w);
        return Plain.filled(
                i -> {
                    int[] place = place(w, i[0] % each, i[1]);
                    boolean inside = place[0] < w.height() && place[1] < w.width();
                    return inside ? x.at((int) (i[0] / each), place[0], place[1], i[2]) : 0;
                },
                2 * each,
                9,
                3);
    }

    private static Plain joined(Plain x, Windows w) {
        long each = count(w);
        double[][][][] map = new double[2][(int) whole(w.height(), 3)][(int) whole(w.width(), 3)][3];
        Plain.filled(
                i -> {
                    int[] place = place(w, i[0] % each, i[1]);
                    map[(int) (i[0] / each)][place[0]][place[1]][i[2]] = x.at(i);
                    return 0;
                },
                x.shape());
        return Plain.filled(i -> map[i[0]][i[1]][i[2]][i[3]], 2, w.height(), w.width(), 3);
    }

    /** One bias for every window where nothing is shifted; -100 between places that the shift brought together. */
    private static Plain bias(Plain table, Windows w) {
        boolean shifted = w.shiftRows() + w.shiftColumns() > 0;
        return Plain.filled(
                i -> {
                    int down = i[2] / 3 - i[3] / 3 + 2;
                    int right = i[2] % 3 - i[3] % 3 + 2;
                    int[] one = place(w, i[0] % count(w), i[2]);
                    int[] other = place(w, i[0] % count(w), i[3]);
                    boolean apart = shifted && (isFar(one[0], other[0]) || isFar(one[1], other[1]));
                    return table.at(down * 5 + right, i[1]) + (apart ? -100 : 0);
                },
                shifted ? 2 * count(w) : 1,
                2,
                9,
                9);
    }

    /** Places of one window that are further apart than it is wide came around the border. */
    private static boolean isFar(int one, int other) {
        return Math.abs(one - other) >= 3;
    }
}
