package org.generalvision.data.source;

import com.google.common.hash.HashCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Hashes;
import org.generalvision.data.example.Fault;
import org.generalvision.data.shard.ExampleCounts;
import org.generalvision.data.shard.RecordShape;

/**
 * What one pass over a stretch of a collection found, without the images: for each item whether it is kept, and its shape, or why not.
 * About 25 bytes for an item, so that the items of all stretches can be brought together in one place.
 */
public final class Survey {
    private static final int KEPT = 1;
    private static final int LEFT_OUT = 2;
    private static final int REJECTED = 3;
    private static final int END = 0;

    /** Stands for the content hash, which every example gets when it is written. */
    private static final Hashes SOME_HASH = new Hashes(HashCode.fromBytes(new byte[32]), null);

    private Survey() {}

    /** Receives the items of a survey in their order. */
    interface Receiver {
        void kept(RecordShape shape) throws IOException;

        void leftOut(String rule);

        void rejected(Candidate.Rejected item) throws IOException;

        /** Examples by annotation, by source or by licence, at the end of each stretch. */
        void counted(Kind kind, String name, long count);
    }

    /** What examples are counted by. */
    enum Kind {
        ANNOTATION,
        SOURCE,
        LICENCE
    }

    /** Walks a stretch. */
    public static byte[] of(Stretch stretch) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ExampleCounts counts = new ExampleCounts();
        try (CollectionSource source = stretch.source().open();
                DataOutputStream output = new DataOutputStream(bytes)) {
            for (Iterator<Candidate> items = stretch.items(source, 0); items.hasNext(); ) {
                write(items.next(), output, counts);
            }
            output.writeByte(END);
            write(counts.annotated(), output);
            write(counts.sources(), output);
            write(counts.licences(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(Candidate item, DataOutputStream output, ExampleCounts counts) throws IOException {
        if (item instanceof Candidate.Accepted accepted) {
            Example example = accepted.example();
            output.writeByte(KEPT);
            RecordShape.of(example).writeTo(output);
            counts.add(example.toBuilder().hashes(SOME_HASH).build());
        } else if (item instanceof Candidate.LeftOut left) {
            output.writeByte(LEFT_OUT);
            writeText(left.rule(), output);
        } else if (item instanceof Candidate.Rejected rejected) {
            output.writeByte(REJECTED);
            writeText(rejected.id(), output);
            writeText(rejected.reason(), output);
            writeText(rejected.fault().name(), output);
        }
    }

    private static void write(Map<String, Long> counts, DataOutputStream output) throws IOException {
        output.writeInt(counts.size());
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            writeText(count.getKey(), output);
            output.writeLong(count.getValue());
        }
    }

    private static void writeText(String text, DataOutputStream output) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.writeInt(bytes.length);
        output.write(bytes);
    }

    /** Hands over what a survey found. */
    static void read(byte[] survey, Receiver receiver) throws IOException {
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(survey))) {
            for (int kind = input.readByte(); kind != END; kind = input.readByte()) {
                switch (kind) {
                    case KEPT -> receiver.kept(RecordShape.readFrom(input));
                    case LEFT_OUT -> receiver.leftOut(readText(input));
                    default ->
                        receiver.rejected(new Candidate.Rejected(
                                readText(input), readText(input), Fault.valueOf(readText(input))));
                }
            }
            for (Kind kind : Kind.values()) {
                for (int left = input.readInt(); left > 0; left--) {
                    receiver.counted(kind, readText(input), input.readLong());
                }
            }
        }
    }

    private static String readText(DataInputStream input) throws IOException {
        return new String(input.readNBytes(input.readInt()), StandardCharsets.UTF_8);
    }
}
