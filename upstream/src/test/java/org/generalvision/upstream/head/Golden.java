package org.generalvision.upstream.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.weights.SafetensorsFile;

/** Reference values that a script beside them has made. */
final class Golden implements AutoCloseable {
    private final SafetensorsFile file;
    private final NDManager manager;

    private Golden(SafetensorsFile file, NDManager manager) {
        this.file = file;
        this.manager = manager;
    }

    static Golden open(String name, NDManager manager) {
        return new Golden(SafetensorsFile.open(Path.of("src/test/resources/golden/" + name)), manager);
    }

    NDArray read(String name) {
        return file.read(name, manager);
    }

    /** Allocates a layer in float64 and fills it with the tensors under a prefix, which must be exactly its parameters. */
    <L extends Layer> L fill(L layer, String prefix) {
        layer.initialize(manager, DataType.FLOAT64);
        Map<String, Parameter> parameters = layer.parameters();
        assertThat(new TreeSet<>(parameters.keySet()))
                .containsExactlyElementsOf(file.names().stream()
                        .filter(name -> name.startsWith(prefix) && !name.endsWith("num_batches_tracked"))
                        .map(name -> name.substring(prefix.length()))
                        .collect(Collectors.toCollection(TreeSet::new)));
        parameters.forEach((path, parameter) -> {
            NDArray value = read(prefix + path);
            assertThat(value.getShape()).as(path).isEqualTo(parameter.getShape());
            Ops.copyInto(parameter.getArray(), value);
        });
        return layer;
    }

    void assertSame(NDArray actual, String expected, double tolerance) {
        assertThat(actual.getShape()).isEqualTo(read(expected).getShape());
        assertThat(Numbers.of(actual)).containsExactly(Numbers.of(read(expected)), within(tolerance));
    }

    @Override
    public void close() {
        file.close();
    }
}
