package org.generalvision.data.shard;

import com.google.common.hash.HashCode;
import java.util.Objects;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.complex.StructVector;
import org.generalvision.data.example.Example.Hashes;
import org.jspecify.annotations.Nullable;

/** Hashes of the image, or null; schema 1 had none. */
final class HashesColumn {
    private final StructVector struct;
    private final FixedSizeBinaryVector content;
    private final BigIntVector perceptual;

    HashesColumn(StructVector struct) {
        this.struct = struct;
        content = Objects.requireNonNull(struct.getChild("content", FixedSizeBinaryVector.class));
        perceptual = Objects.requireNonNull(struct.getChild("perceptual", BigIntVector.class));
    }

    void write(int at, @Nullable Hashes hashes) {
        if (hashes == null) {
            struct.setNull(at);
            return;
        }
        struct.setIndexDefined(at);
        HashCode bytes = hashes.content();
        if (bytes == null) {
            content.setNull(at);
        } else {
            content.setSafe(at, bytes.asBytes());
        }
        Long bits = hashes.perceptual();
        if (bits == null) {
            perceptual.setNull(at);
        } else {
            perceptual.setSafe(at, bits);
        }
    }

    @Nullable
    Hashes read(int at) {
        if (struct.isNull(at)) {
            return null;
        }
        HashCode bytes = content.isNull(at) ? null : HashCode.fromBytes(content.get(at));
        return new Hashes(bytes, perceptual.getObject(at));
    }
}
