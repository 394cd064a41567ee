package org.generalvision.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** One side of a comparison. */
public interface Contender {
    /** Makes one whole training step and reads its loss, or one forward pass. */
    void step();

    /** Serves the protocol of {@link TrainingSpeed}: "ready" after warm-up, then seconds for each number of steps read. */
    static void serve(Contender contender) throws IOException {
        for (int i = 0; i < 3; i++) {
            contender.step();
        }
        System.out.println("ready");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            int steps = Integer.parseInt(line.trim());
            long begin = System.nanoTime();
            for (int i = 0; i < steps; i++) {
                contender.step();
            }
            System.out.println((System.nanoTime() - begin) / 1e9);
        }
    }
}
