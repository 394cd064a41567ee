package org.generalvision.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void arraysOfEveryFormatComeBackWithTheSameBits() {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        for (DataType type :
                List.of(DataType.FLOAT64, DataType.FLOAT32, DataType.INT64, DataType.INT32, DataType.INT8)) {
            arrays.put(
                    "a." + type,
                    manager.create(new float[] {-3, 0, 1, 2, 100, 7}, new Shape(2, 3))
                            .toType(type, true));
        }
        arrays.put("bytes", manager.create(new float[] {0, 255}).toType(DataType.UINT8, true));
        arrays.put("flags", manager.create(new boolean[] {true, false, true}));
        arrays.put("scalar", manager.create(2.5f));
        arrays.put("empty", manager.create(new Shape(0, 4)));
        arrays.put("unicode \u00e4\u4e2d\"\\", manager.create(1L));
        Path path = folder.resolve("all.safetensors");
        SafetensorsWriter.write(path, arrays, Map.of("format", "pt", "note", "\u00fc"));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names()).isEqualTo(arrays.keySet());
            assertThat(file.metadata()).containsOnly(Map.entry("format", "pt"), Map.entry("note", "\u00fc"));
            arrays.forEach((name, array) -> {
                NDArray read = file.read(name, manager);
                assertThat(read.getShape()).isEqualTo(array.getShape());
                assertThat(read.getDataType()).isEqualTo(array.getDataType());
                assertThat(read.toByteBuffer()).as(name).isEqualTo(array.toByteBuffer());
            });
        }
    }

    @Test
    void headerIsPaddedAndDataStandInRowMajorOrderWhateverTheLayout() throws IOException {
        NDArray x = manager.arange(0, 2 * 3 * 2 * 2, 1, DataType.FLOAT32).reshape(2, 3, 2, 2);
        Path plain = folder.resolve("plain.safetensors");
        Path channelsLast = folder.resolve("channelsLast.safetensors");
        SafetensorsWriter.write(plain, new TreeMap<>(Map.of("x", x)), Map.of());
        SafetensorsWriter.write(channelsLast, new TreeMap<>(Map.of("x", Ops.channelsLast(x))), Map.of());
        assertThat(channelsLast).hasSameBinaryContentAs(plain);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(plain)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong(0);
        assertThat(header % 8).isZero();
        for (int i = 0; i < 24; i++) {
            assertThat(bytes.getFloat(8 + header + 4 * i)).isEqualTo(i);
        }
    }

    @Test
    void loadingKeepsTheLayoutInMemory() {
        NDArray x = manager.arange(0, 24, 1, DataType.FLOAT32).reshape(2, 3, 2, 2);
        Path path = folder.resolve("x.safetensors");
        SafetensorsWriter.write(path, new TreeMap<>(Map.of("x", x)), Map.of());
        NDArray target = Ops.channelsLast(manager.zeros(new Shape(2, 3, 2, 2)));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            WeightLoader.load(new TreeMap<>(Map.of("x", target)), file, name -> false);
        }
        assertThat(target).isEqualTo(x);
        assertThat(Ops.isChannelsLast(target)).isTrue();
    }

    @Test
    void halvesAreRoundedOnWritingAndWidenedOnReading() {
        NDArray x = manager.create(new float[] {1, -2.5f, 1 / 3f, 70000, 1e-7f});
        for (TensorType type : List.of(TensorType.F16, TensorType.BF16)) {
            Path path = folder.resolve(type + ".safetensors");
            SafetensorsWriter.write(path, new TreeMap<>(Map.of("x", x)), Map.of(), (name, array) -> type);
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                assertThat(file.info("x").type()).isEqualTo(type);
                NDArray read = file.read("x", manager);
                assertThat(read.getDataType()).isEqualTo(DataType.FLOAT32);
                for (int i = 0; i < 5; i++) {
                    float value = x.getFloat(i);
                    float expected = type == TensorType.F16
                            ? HalfFloats.fromFloat16(HalfFloats.toFloat16(value))
                            : HalfFloats.fromBfloat16(HalfFloats.toBfloat16(value));
                    assertThat(read.getFloat(i)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void aTensorOfSeveralChunksIsWrittenAndReadWhole() {
        NDArray x = manager.arange(0, 2 * ElementCodec.CHUNK + 17, 1, DataType.INT64);
        Path path = folder.resolve("large.safetensors");
        SafetensorsWriter.write(path, new TreeMap<>(Map.of("x", x)), Map.of());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.read("x", manager)).isEqualTo(x);
        }
    }

    @Test
    void offsetsBeyondTwoGibibytesAreRead() throws IOException {
        long far = (3L << 30) + 12;
        byte[] header = ("{\"far\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[" + far + "," + (far + 12) + "]},"
                        + "\"pad\":{\"dtype\":\"U8\",\"shape\":[" + far + "],\"data_offsets\":[0," + far + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        Path path = folder.resolve("sparse.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) { // sparse: takes a few KB on disk
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            file.write(header);
            file.setLength(8 + header.length + far + 12);
            file.seek(8 + header.length + far + 4);
            file.writeInt(Integer.reverseBytes(Float.floatToIntBits(42.5f)));
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.read("far", manager).toFloatArray()).containsExactly(0, 42.5f, 0);
        }
    }

    @Test
    void aFileThatDoesNotExistIsAnIoError() {
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none")))
                .hasCauseInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                                               | does not start with {",
                "{\"a\":                                                                          | not valid JSON",
                "{} {}                                                                            | something follows",
                "{\"a\":1}                                                                        | not described by an object",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{}}        | Duplicate",
                "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | Duplicate",
                "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}}             | unknown dtype F8_E4M3",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}                                        | lacks dtype",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}         | unknown key x",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}                 | does not fill",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}                 | must be [begin, end]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}                | outside of 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}               | something else than integers",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}} | outside of 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4611686018427387904],\"data_offsets\":[0,0]}} | overflows",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[0,5]}}                  | ends after the end",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}                  | 1 bytes follow",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}}                  | belong to no tensor",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}} | overlaps",
                "{\"__metadata__\":{\"k\":1},\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}} | not a string",
                "{\"__metadata__\":[],\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}} | __metadata__ is not an object",
            })
    void aWrongHeaderIsRefusedInWords(String header, String message) throws IOException {
        Path path = file(header.getBytes(StandardCharsets.UTF_8), header.length(), 4);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("not a valid safetensors file")
                .hasMessageContaining(message);
    }

    @Test
    void headersOfImpossibleLengthAndWrongEncodingAreRefused() throws IOException {
        byte[] header = "{\"a\":{}}".getBytes(StandardCharsets.UTF_8);
        for (long claimed : new long[] {0, 1, 100, 100_000_001, -1, Long.MAX_VALUE}) {
            Path path = file(header, claimed, 0);
            assertThatThrownBy(() -> SafetensorsFile.open(path)).hasMessageContaining("header claims");
        }
        byte[] broken = "{\"a\u00e4\":{}}".getBytes(StandardCharsets.ISO_8859_1);
        Path path = file(broken, broken.length, 0);
        assertThatThrownBy(() -> SafetensorsFile.open(path)).hasMessageContaining("UTF-8");
        Files.write(path, new byte[7]);
        assertThatThrownBy(() -> SafetensorsFile.open(path)).hasMessageContaining("7 bytes");
    }

    @Test
    void picklesAreRefusedWithTheWayToConvertThem() throws IOException {
        for (byte[] magic : List.of(new byte[] {'P', 'K', 3, 4}, new byte[] {(byte) 0x80, 2, (byte) 0x8A, 10})) {
            Path path = Files.write(folder.resolve("model.pth"), Arrays.copyOf(magic, 100));
            assertThatThrownBy(() -> SafetensorsFile.open(path))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("model.pth")
                    .hasMessageContaining("pickle")
                    .hasMessageContaining("safetensors.torch.save_file");
        }
    }

    @Test
    void aByteThatIsNoBooleanIsRefused() throws IOException {
        String header = "{\"a\":{\"dtype\":\"BOOL\",\"shape\":[4],\"data_offsets\":[0,4]}}";
        Path path = file(header.getBytes(StandardCharsets.UTF_8), header.length(), 4);
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length - 1] = 2;
        Files.write(path, bytes);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThatThrownBy(() -> file.read("a", manager))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("holds the byte 2");
        }
    }

    private Path file(byte[] header, long claimed, int dataBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        Path path = folder.resolve("broken.safetensors");
        return Files.write(path, bytes.putLong(claimed).put(header).array());
    }
}
