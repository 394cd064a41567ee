package org.generalvision.data.shard;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;

/**
 * How much an example adds to the columns of a record batch, so that the size of shards is known before they are written. Shapes add up
 * to that of a batch. About 25 bytes when it is written to a stream.
 */
public final class RecordShape {
    // What is counted. Where no bytes are named, it is the number of values.
    private static final int ROWS = 0;
    private static final int ID_BYTES = 1;
    private static final int IMAGE_BYTES = 2;
    private static final int SOURCE_BYTES = 3;
    private static final int LICENCE_BYTES = 4;
    private static final int CAPTIONS = 5;
    private static final int CAPTION_BYTES = 6;
    private static final int LANGUAGE_BYTES = 7;
    private static final int LABELS = 8;
    private static final int LABEL_BYTES = 9;
    private static final int ABSENT_LABELS = 10;
    private static final int ABSENT_LABEL_BYTES = 11;
    private static final int BOXES = 12;
    private static final int BOX_LABEL_BYTES = 13;
    private static final int MASKS = 14;
    private static final int MASK_LABEL_BYTES = 15;
    private static final int RUNS = 16;
    private static final int POLYGONS = 17;
    private static final int COORDINATES = 18;
    private static final int DEPTH_BYTES = 19;

    private static final int NUM_COUNTS = 20;

    /** Buffers of a batch begin at multiples of it. */
    private static final int ALIGNMENT = 8;

    private static final int HASH_BYTES = 32;

    /** What the writer takes the example for when it decides where a batch ends. */
    private long size;

    private final long[] counts = new long[NUM_COUNTS];

    /** The shape of no examples. */
    RecordShape() {}

    /** The shape of an example, whatever hashes it carries. */
    public static RecordShape of(Example example) {
        RecordShape shape = new RecordShape();
        shape.size = ShardWriter.sizeOf(example);
        shape.add(ROWS, 1);
        shape.add(ID_BYTES, bytes(example.id()));
        shape.add(IMAGE_BYTES, example.image().remaining());
        shape.add(SOURCE_BYTES, bytes(example.source()));
        shape.add(LICENCE_BYTES, bytes(example.licence()));
        shape.add(CAPTIONS, example.captions().size());
        for (Example.Caption caption : example.captions()) {
            shape.add(CAPTION_BYTES, bytes(caption.text()));
            shape.add(LANGUAGE_BYTES, bytes(caption.language()));
        }
        shape.addTexts(LABELS, LABEL_BYTES, example.labels());
        shape.addTexts(ABSENT_LABELS, ABSENT_LABEL_BYTES, example.absentLabels());
        shape.addTexts(
                BOXES,
                BOX_LABEL_BYTES,
                example.boxes().stream().map(Example.Box::label).toList());
        shape.addTexts(
                MASKS,
                MASK_LABEL_BYTES,
                example.masks().stream().map(Mask::label).toList());
        example.masks().forEach(shape::addMask);
        Example.Depth depth = example.depth();
        shape.add(DEPTH_BYTES, depth == null ? 0 : depth.png().remaining());
        return shape;
    }

    private void addTexts(int values, int bytes, List<String> texts) {
        add(values, texts.size());
        texts.forEach(text -> add(bytes, bytes(text)));
    }

    private void addMask(Mask mask) {
        if (mask instanceof Mask.RunLengths lengths) {
            add(RUNS, lengths.runs().length());
        } else if (mask instanceof Mask.Polygons outlines) {
            add(POLYGONS, outlines.polygons().size());
            outlines.polygons().forEach(polygon -> add(COORDINATES, polygon.length()));
        }
    }

    private void add(int count, long number) {
        counts[count] += number;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Adds another shape to this one. */
    void add(RecordShape other) {
        size += other.size;
        for (int i = 0; i < NUM_COUNTS; i++) {
            counts[i] += other.counts[i];
        }
    }

    /** What the writer takes the example for when it decides where a batch ends. */
    long size() {
        return size;
    }

    /** Bytes of the buffers of a batch of this shape, in the order of {@link ExampleSchema#CURRENT}. */
    long bodyBytes() {
        long rows = count(ROWS);
        return texts(rows, ID_BYTES)
                + texts(rows, IMAGE_BYTES)
                + texts(rows, SOURCE_BYTES)
                + texts(rows, LICENCE_BYTES)
                + lists(rows)
                + captions(count(CAPTIONS))
                + lists(rows)
                + texts(count(LABELS), LABEL_BYTES)
                + lists(rows)
                + texts(count(ABSENT_LABELS), ABSENT_LABEL_BYTES)
                + lists(rows)
                + boxes(count(BOXES))
                + lists(rows)
                + masks(count(MASKS))
                + depth(rows)
                + hashes(rows)
                + bits(rows);
    }

    private long captions(long captions) {
        return validity(captions) + texts(captions, CAPTION_BYTES) + texts(captions, LANGUAGE_BYTES);
    }

    private long boxes(long boxes) {
        return validity(boxes) + 4 * fixed(boxes, Double.BYTES) + texts(boxes, BOX_LABEL_BYTES) + bits(boxes);
    }

    private long masks(long masks) {
        return validity(masks)
                + 3 * fixed(masks, Integer.BYTES)
                + lists(masks)
                + fixed(count(RUNS), Integer.BYTES)
                + lists(masks)
                + lists(count(POLYGONS))
                + fixed(count(COORDINATES), Double.BYTES)
                + texts(masks, MASK_LABEL_BYTES);
    }

    private long depth(long rows) {
        return validity(rows) + texts(rows, DEPTH_BYTES) + fixed(rows, Double.BYTES);
    }

    private static long hashes(long rows) {
        return validity(rows) + fixed(rows, HASH_BYTES) + fixed(rows, Long.BYTES);
    }

    private long count(int count) {
        return counts[count];
    }

    private long texts(long values, int bytes) {
        return lists(values) + padded(count(bytes));
    }

    /** A bit for each value that says whether it is null, and offsets. */
    private static long lists(long values) {
        return values == 0 ? 0 : validity(values) + padded((values + 1) * Integer.BYTES);
    }

    private static long fixed(long values, int width) {
        return validity(values) + padded(values * width);
    }

    private static long bits(long values) {
        return 2 * validity(values);
    }

    private static long validity(long values) {
        return padded((values + Byte.SIZE - 1) / Byte.SIZE);
    }

    private static long padded(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Writes the shape to a stream, each number in as many groups of seven bits as it needs. */
    public void writeTo(DataOutput output) throws IOException {
        writeNumber(output, size);
        for (long count : counts) {
            writeNumber(output, count);
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    public static RecordShape readFrom(DataInput input) throws IOException {
        RecordShape shape = new RecordShape();
        shape.size = readNumber(input);
        for (int i = 0; i < NUM_COUNTS; i++) {
            shape.counts[i] = readNumber(input);
        }
        return shape;
    }

    private static void writeNumber(DataOutput output, long number) throws IOException {
        long rest = number;
        while (rest >= 0x80) {
            output.writeByte((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        output.writeByte((int) rest);
    }

    private static long readNumber(DataInput input) throws IOException {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            int group = input.readByte();
            number |= (long) (group & 0x7F) << shift;
            if (group >= 0) {
                return number;
            }
        }
    }
}
