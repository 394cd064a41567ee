package org.generalvision.train;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.tensorflow.framework.Summary;
import org.tensorflow.util.Event;
import org.tensorflow.util.SessionLog;

/**
 * A TensorBoard event file of scalars. Each record is framed as TFRecord (github.com/tensorflow/tensorflow,
 * tensorflow/core/lib/io/record_writer.h): length as 64-bit little endian, masked CRC-32C of the length, the event, masked
 * CRC-32C of the event.
 */
final class EventFile implements AutoCloseable {
    private static final int FRAME_BYTES = 16;
    private static final long MAX_EVENT_BYTES = 1 << 24;

    private final Path file;
    private final FileChannel channel;

    /**
     * Opens or creates a file and drops what lies after a step, together with a last record that was not written whole.
     *
     * @param lastStep the last step whose events stay
     * @param wallTime seconds since 1970 for the event that starts or continues the file
     */
    EventFile(Path file, long lastStep, double wallTime) {
        this.file = file;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel.truncate(lengthUpTo(file, lastStep));
            channel.position(channel.size());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open " + file, e);
        }
        Event.Builder event = Event.newBuilder().setWallTime(wallTime);
        if (position() == 0) {
            append(event.setFileVersion("brain.Event:2").build());
        } else {
            // Tells a TensorBoard that is running to forget what it has read beyond this step.
            append(event.setStep(lastStep + 1)
                    .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START))
                    .build());
        }
    }

    private long position() {
        try {
            return channel.position();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** Bytes of the whole records up to the last step that stays. Reads as a stream: a long run has many records. */
    private static long lengthUpTo(Path file, long lastStep) throws IOException {
        long kept = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (byte[] event = next(in); event != null && step(event) <= lastStep; event = next(in)) {
                kept += event.length + FRAME_BYTES;
            }
        }
        return kept;
    }

    /** The events of a file, up to the first record that is not whole. */
    static List<DynamicMessage> read(Path file) throws IOException {
        List<DynamicMessage> events = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (byte[] event = next(in); event != null; event = next(in)) {
                // The generated parser is older than the protobuf runtime allows; the generic one reads the same bytes.
                events.add(DynamicMessage.parseFrom(Event.getDescriptor(), event));
            }
        }
        return events;
    }

    /** The data of the next record, or null at the end and before a record that is not whole. */
    private static byte @Nullable [] next(InputStream in) throws IOException {
        byte[] head = in.readNBytes(Long.BYTES);
        if (head.length < Long.BYTES || !checksumFollows(in, head)) {
            return null;
        }
        long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > MAX_EVENT_BYTES) {
            return null;
        }
        byte[] data = in.readNBytes((int) length);
        return data.length == length && checksumFollows(in, data) ? data : null;
    }

    private static boolean checksumFollows(InputStream in, byte[] data) throws IOException {
        byte[] checksum = in.readNBytes(Integer.BYTES);
        return checksum.length == Integer.BYTES
                && ByteBuffer.wrap(checksum).order(ByteOrder.LITTLE_ENDIAN).getInt() == maskedCrc(data);
    }

    /** The step of an event, found without parsing the rest; 0 where it has none. */
    private static long step(byte[] event) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(event);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == Event.STEP_FIELD_NUMBER) {
                return in.readInt64();
            }
            in.skipField(tag);
        }
        return 0;
    }

    /** Appends scalars; not-a-number is allowed. */
    void append(long step, double wallTime, Map<String, Double> values) {
        Summary.Builder summary = Summary.newBuilder();
        values.forEach((name, value) -> summary.addValueBuilder().setTag(name).setSimpleValue(value.floatValue()));
        append(Event.newBuilder()
                .setStep(step)
                .setWallTime(wallTime)
                .setSummary(summary)
                .build());
    }

    private void append(Event event) {
        try {
            ByteBuffer frame = frame(event.toByteArray());
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    static ByteBuffer frame(byte[] data) {
        ByteBuffer frame = ByteBuffer.allocate(data.length + FRAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(data.length);
        frame.putInt(maskedCrc(Arrays.copyOf(frame.array(), Long.BYTES)));
        frame.put(data).putInt(maskedCrc(data));
        return frame.flip();
    }

    /** Rotated and shifted, because the CRC of data that holds CRCs is weak. */
    private static int maskedCrc(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + file, e);
        }
    }
}
