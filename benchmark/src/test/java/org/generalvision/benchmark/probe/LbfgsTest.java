package org.generalvision.benchmark.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LbfgsTest {
    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Lbfgs.Tolerance gradientBelow(double limit) {
        return (value, gradient) -> Math.sqrt(Lbfgs.dot(gradient, gradient)) < limit;
    }

    /** sum_i a_i (x_i - i)^2 / 2 with a from 1 to 1e6. */
    private static double badlyConditioned(double[] x, double[] gradient) {
        double value = 0;
        for (int i = 0; i < x.length; i++) {
            double a = Math.pow(10, 6.0 * i / (x.length - 1));
            gradient[i] = a * (x[i] - i);
            value += 0.5 * gradient[i] * (x[i] - i);
        }
        return value;
    }

    @Test
    void findsTheMinimumOfABadlyConditionedQuadratic() {
        Lbfgs.Result result =
                Lbfgs.minimize(LbfgsTest::badlyConditioned, new double[12], ones(12), gradientBelow(1e-7), 500);
        assertThat(result.converged()).isTrue();
        for (int i = 0; i < 12; i++) {
            assertThat(result.point()[i]).isCloseTo(i, within(1e-6));
        }
    }

    @Test
    void aRightPreconditionerSolvesAQuadraticInTwoSteps() {
        double[] inverse = new double[12];
        for (int i = 0; i < 12; i++) {
            inverse[i] = Math.pow(10, -6.0 * i / 11);
        }
        Lbfgs.Result result =
                Lbfgs.minimize(LbfgsTest::badlyConditioned, new double[12], inverse, gradientBelow(1e-6), 500);
        assertThat(result.iterations()).isLessThanOrEqualTo(2);
        assertThat(result.converged()).isTrue();
    }

    @Test
    void stepsThatAreFarTooLongAreShortened() {
        // log cosh is flat far out, where a quadratic model of it jumps over the minimum.
        Lbfgs.Objective logCosh = (x, gradient) -> {
            gradient[0] = Math.tanh(x[0] - 2);
            return Math.log(Math.cosh(x[0] - 2));
        };
        Lbfgs.Result result =
                Lbfgs.minimize(logCosh, new double[] {50}, new double[] {1000}, gradientBelow(1e-10), 100);
        assertThat(result.point()[0]).isCloseTo(2, within(1e-9));
    }

    @Test
    void valuesBeyondTheRangeOfDoublesAreSteppedBackFrom() {
        // exp(x^2) overflows at the first step.
        Lbfgs.Objective steep = (x, gradient) -> {
            double value = Math.exp(x[0] * x[0]);
            gradient[0] = 2 * x[0] * value;
            return value;
        };
        Lbfgs.Result result = Lbfgs.minimize(steep, new double[] {3}, new double[] {1}, gradientBelow(1e-9), 200);
        assertThat(result.point()[0]).isCloseTo(0, within(1e-9));
    }

    @Test
    void saysWhenItDidNotConverge() {
        Lbfgs.Result result =
                Lbfgs.minimize(LbfgsTest::badlyConditioned, new double[12], ones(12), gradientBelow(1e-7), 3);
        assertThat(result.converged()).isFalse();
        assertThat(result.iterations()).isEqualTo(3);
    }

    @Test
    void theStartIsLeftAlone() {
        double[] start = new double[12];
        Lbfgs.minimize(LbfgsTest::badlyConditioned, start, ones(12), gradientBelow(1e-3), 100);
        assertThat(start).containsOnly(0);
    }
}
