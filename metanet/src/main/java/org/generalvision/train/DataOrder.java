package org.generalvision.train;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.generalvision.data.load.Batch;

/**
 * A running SHA-256 of which samples were trained on in which order, kept in every checkpoint: equal hashes mean equal order.
 */
final class DataOrder {
    static final String START = Hashing.sha256().hashInt(0).toString();

    private DataOrder() {}

    /** The hash after some more batches. */
    static String after(String hash, List<Batch> batches) {
        Hasher hasher = Hashing.sha256().newHasher().putString(hash, StandardCharsets.US_ASCII);
        for (Batch batch : batches) {
            hasher.putLong(batch.epoch()).putInt(batch.size());
            batch.ids().forEach(hasher::putLong);
        }
        return hasher.hash().toString();
    }
}
