package org.generalvision.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Pass;
import org.generalvision.train.Losses;
import org.generalvision.train.Objective;

/** One step of the controller on the trials of a {@link PpoRound}. */
final class PpoObjective implements Objective {
    private final Controller controller;
    private final PpoConfig config;
    private final double largestEntropy;

    /**
     * @param largestEntropy of a whole candidate, in nats: the bonus counts shares of it
     */
    PpoObjective(Controller controller, PpoConfig config, double largestEntropy) {
        this.controller = controller;
        this.config = config;
        this.largestEntropy = largestEntropy;
    }

    @Override
    public Controller model() {
        return controller;
    }

    @Override
    public Losses losses(Batch batch, Pass pass) {
        Controller.Judgement now = controller.judge(batch.get("before"), batch.get("chosen"), pass);
        PpoLoss policy = PpoLoss.of(
                now.logProbability_BT(),
                batch.get("logProbability"),
                batch.get("advantage"),
                batch.get("weight"),
                config.clip());
        NDArray value = now.value_BT()
                .sub(batch.get("return"))
                .square()
                .mul(batch.get("weight"))
                .mean();
        // Of a candidate: the sum over its positions.
        NDArray entropy_B1 = now.entropy_BT().sum(new int[] {1}, true);
        NDArray bonus = entropy_B1.mul(batch.get("entropyWeight")).mean();
        NDArray clipped = policy.ratio_BT()
                .stopGradient()
                .sub(1)
                .abs()
                .gt(config.clip())
                .toType(DataType.FLOAT32, false)
                .mean();
        return new Losses()
                .add("policy", 1, policy.loss())
                .add("value", config.valueWeight(), value)
                .add("entropyBonus", -1 / largestEntropy, bonus)
                .add("entropy", 0, entropy_B1.mean().stopGradient())
                .add("clippedShare", 0, clipped);
    }
}
