package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarSourceTest {
    private static final Naming NAMING = new Naming("cifar", "NOASSERTION", List.of());

    @TempDir
    Path folder;

    /** Red is 1 at column 1 of row 2, green 2 at column 3 of row 4, blue 3 in the last corner. */
    private static byte[] record(int... labels) throws IOException {
        byte[] planes = new byte[3072];
        planes[2 * 32 + 1] = 1;
        planes[1024 + 4 * 32 + 3] = 2;
        planes[3071] = 3;
        byte[] first = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            first[i] = (byte) labels[i];
        }
        return Bytes.join(first, planes);
    }

    @Test
    void planesBecomePixelsAndBatchesFollowEachOther() throws IOException {
        Bytes.put(folder.resolve("batches.meta.txt"), "airplane\nautomobile\n\n");
        for (int i = 1; i <= 5; i++) {
            Bytes.put(folder.resolve("data_batch_" + i + ".bin"), Bytes.join(record(i % 2), record(2)));
        }
        CifarSource source = new CifarSource(folder, Split.TRAIN, NAMING);
        assertThat(source.size()).isEqualTo(10);
        Candidates found = Candidates.of(source);
        assertThat(found.examples()).extracting(Example::labels).startsWith(List.of("automobile"), List.of("airplane"));
        assertThat(found.rejected())
                .hasSize(5)
                .contains(entry("data_batch_5/00001", "class 2 is out of range: there are 2 class names"));
        BufferedImage image = Pixels.decode(found.example("data_batch_3/00000").image());
        assertThat(image.getRGB(1, 2)).isEqualTo(0xff010000);
        assertThat(image.getRGB(3, 4)).isEqualTo(0xff000200);
        assertThat(image.getRGB(31, 31)).isEqualTo(0xff000003);
    }

    @Test
    void theHundredClassesAreTheFineOnes() throws IOException {
        Bytes.put(folder.resolve("fine_label_names.txt"), "apple\nbee\n");
        Bytes.put(folder.resolve("coarse_label_names.txt"), "fruit\n");
        Bytes.put(folder.resolve("test.bin"), record(0, 1));
        Candidates found = Candidates.of(new SourceConfig.Cifar(folder, Split.TEST, NAMING));
        assertThat(found.examples().get(0).labels()).containsExactly("bee");
        assertThat(Pixels.decode(found.examples().get(0).image()).getRGB(31, 31))
                .isEqualTo(0xff000003);
    }

    @Test
    void truncatedAndMissingFilesAreRefused() throws IOException {
        Bytes.put(folder.resolve("batches.meta.txt"), "airplane\n");
        Path file = Bytes.put(folder.resolve("test_batch.bin"), Arrays.copyOf(record(0), 3000));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CifarSource(folder, Split.TEST, NAMING))
                .withMessageContainingAll(file.toString(), "no multiple");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CifarSource(folder, Split.TRAIN, NAMING))
                .withMessageContaining("data_batch_1.bin");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CifarSource(folder, Split.VALIDATION, NAMING))
                .withMessageContaining("no validation");
    }
}
