package org.generalvision.train;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
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
            channel.truncate(lengthUpTo(Files.readAllBytes(file), lastStep));
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

    private static long lengthUpTo(byte[] bytes, long lastStep) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long kept = 0;
        for (DynamicMessage event = next(buffer); event != null && step(event) <= lastStep; event = next(buffer)) {
            kept = buffer.position();
        }
        return kept;
    }

    private static long step(DynamicMessage event) {
        return (Long) event.getField(Event.getDescriptor().findFieldByNumber(Event.STEP_FIELD_NUMBER));
    }

    /** The events of a file, up to the first record that is not whole. */
    static List<DynamicMessage> read(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<DynamicMessage> events = new ArrayList<>();
        for (DynamicMessage event = next(buffer); event != null; event = next(buffer)) {
            events.add(event);
        }
        return events;
    }

    private static @Nullable DynamicMessage next(ByteBuffer buffer) {
        if (buffer.remaining() < FRAME_BYTES) {
            return null;
        }
        byte[] head = new byte[Long.BYTES];
        long length = buffer.getLong(buffer.position());
        buffer.get(head);
        if (buffer.getInt() != maskedCrc(head) || length < 0 || length > buffer.remaining() - Integer.BYTES) {
            return null;
        }
        byte[] data = new byte[(int) length];
        buffer.get(data);
        if (buffer.getInt() != maskedCrc(data)) {
            return null;
        }
        try {
            // The generated parser is older than the protobuf runtime allows; the generic one reads the same bytes.
            return DynamicMessage.parseFrom(Event.getDescriptor(), data);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
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
