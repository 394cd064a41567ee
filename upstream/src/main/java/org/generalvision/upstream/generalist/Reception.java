package org.generalvision.upstream.generalist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Pass;

/**
 * What a target branch takes at its levels while it is walked.
 *
 * @param sources the other branches' layers for this target with the maps that they read
 * @param pass of the target, in which the transfer is trained
 */
record Reception(List<Level> levels, List<Source> sources, Pass pass) implements Pass.StageEnd {
    /**
     * A source.
     *
     * @param layers one for each level
     * @param maps (B, C, H, W) of each level, without a graph
     */
    record Source(List<TransferLayer> layers, List<NDArray> maps) {}

    /**
     * The maps of a source: its backbone in evaluation, so that none of its statistics moves, and with no graph, so that no
     * gradient reaches it and nothing but the maps is kept.
     */
    static List<NDArray> maps(Backbone source, List<Level> levels, NDArray images, Pass pass) {
        NDManager owner = images.getManager();
        Map<String, NDArray> reached = new HashMap<>();
        boolean gradients = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try (NDManager scratch = owner.newSubManager()) {
            NDArray lent = images.stopGradient();
            lent.attach(scratch);
            source.features(lent, Pass.evaluation(pass.precision()).atStages((stage, result) -> {
                reached.put(stage, result);
                return result;
            }));
            return levels.stream().map(level -> kept(level, reached, owner)).toList();
        } finally {
            JniUtils.setGradMode(gradients);
        }
    }

    private static NDArray kept(Level level, Map<String, NDArray> reached, NDManager owner) {
        NDArray result = reached.get(level.stage());
        if (result == null) {
            throw new IllegalStateException("A source has no stage " + level.stage());
        }
        NDArray map = level.map(result);
        map.attach(owner);
        return map;
    }

    @Override
    public NDArray reached(String stage, NDArray result) {
        for (int l = 0; l < levels.size(); l++) {
            if (levels.get(l).stage().equals(stage)) {
                return received(l, result);
            }
        }
        return result;
    }

    private NDArray received(int l, NDArray result) {
        NDArray map = levels.get(l).map(result);
        int height = Math.toIntExact(map.getShape().get(2));
        int width = Math.toIntExact(map.getShape().get(3));
        for (Source source : sources) {
            map = map.add(source.layers.get(l).forward(source.maps, height, width, pass));
        }
        return levels.get(l).result(map);
    }
}
