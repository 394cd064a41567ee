package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;

/** 3x3 convolutions with ReLU on what was read of a region: (N, channels, 14, 14) to (N, last width, 14, 14). */
final class MaskHead extends Layer {
    private final List<ConvUnit> units = new ArrayList<>();

    MaskHead(int channels, List<Integer> widths) {
        int in = channels;
        for (int width : widths) {
            Conv2d conv = new Conv2d(Conv2d.Config.of(in, width, 3).withBias(), HeadInit.reluFanOut());
            units.add(child(Integer.toString(units.size()), ConvUnit.relu(conv)));
            in = width;
        }
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray h = x;
        for (ConvUnit unit : units) {
            h = unit.forward(h, pass);
        }
        return h;
    }
}
