package org.generalvision.data.shard;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.Example.Depth;
import org.generalvision.data.example.Example.Mask;
import org.jspecify.annotations.Nullable;

/** Seeded examples with every mixture of annotations. */
final class Examples {
    private Examples() {}

    static List<Example> of(long seed, int count) {
        return LongStream.range(0, count).mapToObj(i -> one(seed, i)).toList();
    }

    static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static Example one(long seed, long index) {
        RandomGenerator random = random(seed * 1_000_003 + index);
        return new Example(
                "folder/" + index + ".png",
                bytes(random, random.nextInt(400)),
                random.nextBoolean() ? "one" : "another source",
                random.nextBoolean() ? "MIT" : "CC0-1.0",
                list(
                        random,
                        i -> new Caption("a picture \u00e9\ud83d\ude00 " + random.nextInt(), i % 2 == 0 ? "en" : "pl")),
                list(random, i -> "label " + random.nextInt(5)),
                list(random, i -> box(random)),
                list(random, i -> mask(random)),
                depth(random));
    }

    private static <T> List<T> list(RandomGenerator random, java.util.function.IntFunction<T> item) {
        return random.nextBoolean()
                ? List.of()
                : IntStream.range(0, 1 + random.nextInt(3)).mapToObj(item).toList();
    }

    private static Box box(RandomGenerator random) {
        double x = random.nextDouble(100);
        double y = random.nextDouble(100);
        return new Box(x, y, x + 1 + random.nextDouble(), y + 1, "thing " + random.nextInt(9), random.nextBoolean());
    }

    private static Mask mask(RandomGenerator random) {
        int zeros = random.nextInt(12);
        return new Mask(3, 4, List.of(zeros, 12 - zeros), "part " + random.nextInt(9));
    }

    private static @Nullable Depth depth(RandomGenerator random) {
        return random.nextBoolean() ? null : new Depth(bytes(random, 1 + random.nextInt(50)), random.nextDouble());
    }

    private static ByteBuffer bytes(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
