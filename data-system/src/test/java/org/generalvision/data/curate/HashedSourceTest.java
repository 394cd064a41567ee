package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.example.Example;
import org.generalvision.data.source.Candidate;
import org.generalvision.data.source.CollectionSource;
import org.generalvision.data.source.HashedSource;
import org.generalvision.data.source.ShardBuild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashedSourceTest {
    private static final ByteBuffer PHOTO = Pictures.png(Pictures.photo(1, 40, 50));

    @TempDir
    private Path folder = Path.of("");

    /** A collection of two images, of which the second cannot be read. */
    private static CollectionSource collection() {
        return new CollectionSource() {
            @Override
            public long size() {
                return 3;
            }

            @Override
            public Iterator<Candidate> iterator() {
                return List.<Candidate>of(
                                new Candidate.Accepted(Shards.example("a", PHOTO, List.of())),
                                new Candidate.Accepted(Shards.example("b", Shards.bytes("no image"), List.of())),
                                new Candidate.LeftOut("c", "a rule"))
                        .iterator();
            }
        };
    }

    @Test
    void hashesAreStoredAndTheSameAsThoseOfTheImage() {
        Path directory = folder.resolve("built");
        ShardBuild.Result result = new ShardBuild(new HashedSource(collection()), directory, 1 << 20).run(() -> {});
        assertThat(result.leftOut()).containsEntry("a rule", 1L);
        try (CuratedSource source = CuratedSource.open(directory);
                PerceptualHash hash = new PerceptualHash()) {
            Example.Hashes hashes = Objects.requireNonNull(source.get(0).hashes());
            assertThat(hashes.perceptual()).isEqualTo(hash.of(PHOTO));
            assertThat(hashes.content())
                    .isEqualTo(Example.Hashes.ofContent(PHOTO).content());
            assertThat(Objects.requireNonNull(source.get(1).hashes()).perceptual())
                    .isNull();
        }
        assertThat(new ShardBuild(new HashedSource(collection()), directory, 1 << 20)
                        .run(() -> {})
                        .outcome())
                .isEqualTo(ShardBuild.Outcome.UNCHANGED);
    }

    @Test
    void aStoredHashIsUsedInsteadOfTheImage() {
        Example example = Shards.example("a", PHOTO, List.of()).withContentHash();
        Example stored = example.toBuilder()
                .hashes(Objects.requireNonNull(example.hashes()).withPerceptual(42))
                .build();
        try (PerceptualHash hash = new PerceptualHash()) {
            assertThat(hash.of(stored)).isEqualTo(42);
            assertThat(hash.of(example)).isEqualTo(hash.of(PHOTO));
        }
    }
}
