package org.generalvision.data.curate;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;

/**
 * Removes what is, or looks the same as, an image of given hash lists: what a benchmark tests with must not be trained on. An
 * image that cannot be read is compared by its bytes only.
 */
public final class ContaminationGate {
    private final List<KnownImage> known;
    private final int distance;
    private final Map<String, KnownImage> bySha256 = new HashMap<>();
    private final HammingIndex index;

    /**
     * A gate.
     *
     * @param known images that must not occur
     * @param distance bits in which the perceptual hash of an image that looks the same may differ
     */
    public ContaminationGate(List<KnownImage> known, int distance) {
        HammingIndex.requireDistance(distance);
        this.known = List.copyOf(known);
        this.distance = distance;
        this.known.forEach(image -> bySha256.putIfAbsent(image.sha256(), image));
        index = new HammingIndex(
                this.known.stream().mapToLong(KnownImage::perceptualHash).toArray());
    }

    /** Examines what the step sees; {@code progress} runs once for each example. */
    public void run(CurationStep step, CurationEngine engine, Runnable progress) {
        engine.scan(step, Hasher::new, (number, find) -> {
            Hashes hashes = Hashes.of(find);
            KnownImage same = bySha256.get(hashes.sha256());
            if (same != null) {
                remove(step, number, "equal bytes as an image of " + same.set(), same, 0);
            } else if (hashes.readable()) {
                int near = index.nearestWithin(distance, hashes.perceptual());
                if (near >= 0) {
                    KnownImage image = known.get(near);
                    remove(
                            step,
                            number,
                            "looks the same as an image of " + image.set(),
                            image,
                            PerceptualHash.distance(hashes.perceptual(), image.perceptualHash()));
                }
            }
            progress.run();
        });
    }

    private static void remove(CurationStep step, long number, String reason, KnownImage image, int distance) {
        Map<String, Object> evidence = new TreeMap<>();
        evidence.put("set", image.set());
        evidence.put("known", image.id());
        evidence.put("distance", distance);
        step.remove(number, step.source().get(number).id(), reason, evidence);
    }

    private record Hashes(String sha256, boolean readable, long perceptual) {
        private static final int SHA256 = 32;

        /** Of the bytes of the one hash and, if the image can be read, of the other. */
        static Hashes of(byte[] find) {
            boolean readable = find.length > SHA256;
            String sha256 = HexFormat.of().formatHex(find, 0, SHA256);
            return new Hashes(sha256, readable, readable ? ByteBuffer.wrap(find).getLong(SHA256) : 0);
        }
    }

    private static final class Hasher implements Scan.Worker<byte[]> {
        private final PerceptualHash perceptual = new PerceptualHash();
        private final MessageDigest digest = Sha256.digest();

        @Override
        public byte[] apply(Example example) {
            digest.update(example.image().duplicate());
            byte[] sha256 = digest.digest();
            try {
                long hash = perceptual.of(example);
                return ByteBuffer.allocate(sha256.length + Long.BYTES)
                        .put(sha256)
                        .putLong(hash)
                        .array();
            } catch (UnreadableSampleException unreadable) {
                return sha256;
            }
        }

        @Override
        public void close() {
            perceptual.close();
        }
    }
}
