package org.generalvision.data.shard;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.Example.Depth;
import org.generalvision.data.example.Example.Hashes;
import org.generalvision.data.example.Mask;
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
        String source = random.nextBoolean() ? "one" : "another source";
        String licence = random.nextBoolean() ? "MIT" : "CC0-1.0";
        List<Box> boxes = list(random, i -> box(random));
        return Example.builder("folder/" + index + ".png", bytes(random, random.nextInt(400)), source, licence)
                .captions(list(
                        random,
                        i -> new Caption("a picture \u00e9\ud83d\ude00 " + random.nextInt(), i % 2 == 0 ? "en" : "pl")))
                .labels(list(random, i -> "label " + random.nextInt(5)))
                .absentLabels(list(random, i -> "label " + (5 + random.nextInt(5))))
                .boxes(boxes)
                .masks(list(random, i -> mask(random, boxes.size())))
                .depth(depth(random))
                .hashes(hashes(random))
                .synthetic(random.nextBoolean())
                .build();
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

    private static Mask mask(RandomGenerator random, int boxes) {
        String label = "part " + random.nextInt(9);
        Integer box = boxes == 0 || random.nextBoolean() ? null : random.nextInt(boxes);
        if (random.nextBoolean()) {
            int zeros = random.nextInt(12);
            return new Mask.RunLengths(3, 4, ImmutableIntArray.of(zeros, 12 - zeros), label, box);
        }
        List<ImmutableDoubleArray> polygons = Stream.generate(() -> ImmutableDoubleArray.copyOf(
                        random.doubles(2L * (3 + random.nextInt(3)), 0, 3).toArray()))
                .limit(1 + random.nextInt(3))
                .toList();
        return new Mask.Polygons(3, 4, polygons, label, box);
    }

    private static @Nullable Hashes hashes(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> new Hashes(null, random.nextLong());
            case 2 -> Hashes.ofContent(bytes(random, 5));
            default -> Hashes.ofContent(bytes(random, 5)).withPerceptual(random.nextLong());
        };
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
