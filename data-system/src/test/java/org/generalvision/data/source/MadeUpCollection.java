package org.generalvision.data.source;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Caption;

/** Items by number: of five one is left out and one rejected, and the others are of 100 to 1,000 bytes. */
record MadeUpCollection(int count, IntConsumer before) implements CollectionSource {
    MadeUpCollection(int count) {
        this(count, item -> {});
    }

    @Override
    public long size() {
        return count;
    }

    @Override
    public Iterator<Candidate> iterator() {
        return IntStream.range(0, count).mapToObj(this::item).iterator();
    }

    private Candidate item(int number) {
        before.accept(number);
        return switch (number % 5) {
            case 1 -> new Candidate.LeftOut("item-" + number, "rule " + number % 2);
            case 3 -> new Candidate.Rejected("item-" + number, "broken");
            default -> new Candidate.Accepted(example(number));
        };
    }

    private static Example example(int number) {
        byte[] image = new byte[100 + number * 37 % 900];
        for (int i = 0; i < image.length; i++) {
            image[i] = (byte) (number * i);
        }
        return Example.builder("item-" + number, ByteBuffer.wrap(image), "source " + number % 3, "MIT")
                .captions(List.of(new Caption("item number " + number, "en")))
                .build();
    }
}
