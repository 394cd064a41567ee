package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordSorterTest {
    @TempDir
    Path folder;

    /** None, less than a run, whole runs, more runs than are merged at once. */
    @ParameterizedTest
    @CsvSource({"0, 4", "3, 4", "8, 4", "1000, 7", "1000, 1", "5000, 3"})
    void recordsComeInOrderAndNoneIsLost(int count, int runRecords) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(count);
        RecordSorter sorter = new RecordSorter(folder, 3, runRecords);
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[3];
            random.nextBytes(bytes);
            bytes[0] &= (byte) 0x83; // equal beginnings and signs
            records.add(bytes);
            sorter.add(bytes.clone());
        }
        List<byte[]> sorted = new ArrayList<>();
        sorter.drain(sorted::add);
        records.sort(Arrays::compareUnsigned);
        assertThat(sorted).usingElementComparator(Arrays::compareUnsigned).isEqualTo(records);
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
