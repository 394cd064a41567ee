package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupedRecordsTest {
    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 500})
    void recordsComeByKeyInTheOrderInWhichTheyWereAddedWhateverTheMemory(int memoryBytes) throws IOException {
        TreeMap<String, List<Integer>> expected = new TreeMap<>();
        List<String> drained = new ArrayList<>();
        try (GroupedRecords records = new GroupedRecords(memoryBytes)) {
            for (int i = 0; i < 200; i++) {
                String key = "k" + i * 37 % 11;
                expected.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
                records.add(key, new byte[] {(byte) i});
            }
            records.drain((key, value) -> drained.add(key + " " + (value[0] & 0xFF)));
        }
        List<String> wanted = new ArrayList<>();
        expected.forEach((key, values) -> values.forEach(value -> wanted.add(key + " " + value)));
        assertThat(drained).isEqualTo(wanted);
    }
}
