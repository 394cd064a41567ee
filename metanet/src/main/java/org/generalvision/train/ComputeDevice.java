package org.generalvision.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;

/** The one place where a recipe's {@code device} becomes a device of the engine. */
public final class ComputeDevice {
    private ComputeDevice() {}

    /**
     * A manager whose arrays lie on the device. Networks, batches and training state made under it all follow.
     *
     * @param device {@code auto}, {@code cpu} or {@code gpu:0}
     * @throws IllegalArgumentException if the name is wrong or this machine has no such GPU
     */
    public static NDManager open(String device) {
        return Engine.getEngine("PyTorch").newBaseManager(of(device));
    }

    /** The engine's device for a recipe's {@code device}. */
    public static Device of(String device) {
        check(device);
        int gpus = Engine.getEngine("PyTorch").getGpuCount();
        if (device.equals("cpu") || (device.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        int index = device.equals("auto") ? 0 : Integer.parseInt(device.substring("gpu:".length()));
        if (index >= gpus) {
            throw new IllegalArgumentException("device " + device + " is not there: the engine sees " + gpus
                    + " GPUs; use auto or cpu, or install a CUDA build of the engine's native library");
        }
        return Device.gpu(index);
    }

    static void check(String device) {
        if (!device.matches("auto|cpu|gpu:\\d{1,3}")) {
            throw new IllegalArgumentException("device must be auto, cpu or gpu:N with a number N: " + device);
        }
    }
}
