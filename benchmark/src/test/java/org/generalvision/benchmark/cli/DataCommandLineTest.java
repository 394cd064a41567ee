package org.generalvision.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.StarterCorpus;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The data commands as the main class calls them: what they take, and the status they end with. */
class DataCommandLineTest {
    @TempDir
    static Path folder = Path.of("");

    private static Path shards = Path.of("");
    private static Path hashes = Path.of("");

    @BeforeAll
    static void makeShards() throws IOException {
        shards = folder.resolve("shards");
        try (ExampleSource corpus = StarterCorpus.open("clipart-validation", folder.resolve("cache"));
                ShardWriter writer = ShardWriter.create(shards, 1 << 20)) {
            for (int i = 0; i < 8; i++) {
                Example example = corpus.get(i);
                writer.add(example);
            }
            writer.finish();
        }
        Files.writeString(folder.resolve("file"), "no folder");
        hashes = folder.resolve("hashes.jsonl");
        Outcome made = gv("data hashes SHARDS --out " + hashes);
        assertThat(made.status()).as(made.err()).isZero();
    }

    private static Outcome gv(String line) {
        return Outcome.of(Splitter.on(' ')
                .splitToStream(line)
                .map(word -> word.replace("SHARDS", shards.toString()).replace("FILE", folder.resolve("file") + "/x"))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data build openclipart-desk --out FILE",
                "data build --from folder --source /tmp --out FILE",
                "data build --from scenes --source scenes-desk --out FILE",
                "data inspect SHARDS --html FILE",
                "data sheet SHARDS --out FILE",
                "data hashes SHARDS --out FILE",
                "data compact SHARDS --out FILE",
                "data score SHARDS --checkpoint none --out FILE",
                "data select SHARDS --scores none --out FILE",
                "data votes --questions none --answers none --out FILE",
                "data pull --from s3://none/none --to FILE",
                "data labels import --from wordnet --source none --out FILE",
                "data labels export --labels none --out FILE",
                "data labels map --labels none --data SHARDS --out FILE",
            })
    void whatCannotBeWrittenIsRefusedBeforeAnyWork(String line) {
        Outcome outcome = gv(line);
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(folder.resolve("file") + " is a file, no folder; name another place");
    }

    @Test
    void splitsAreWrittenInLowerCase() throws IOException {
        Path idx = Files.createDirectories(folder.resolve("idx"));
        byte[] images = new byte[16 + 6];
        ByteBuffer.wrap(images).putInt(0x0803).putInt(1).putInt(2).putInt(3);
        byte[] labels = new byte[8 + 1];
        ByteBuffer.wrap(labels).putInt(0x0801).putInt(1);
        Files.write(idx.resolve("t10k-images-idx3-ubyte"), images);
        Files.write(idx.resolve("t10k-labels-idx1-ubyte"), labels);
        Outcome built = gv("data build --from idx --source " + idx + " --split test --licence MIT --out "
                + folder.resolve("digits"));
        assertThat(built.status()).as(built.err()).isZero();
    }

    @Test
    void aGateThatRefusesEndsWithOneEvenIfEverythingIsKnown() {
        Outcome all = gv("data gate SHARDS --refuse --against " + hashes);
        assertThat(all.status()).as(all.err()).isEqualTo(1);
        assertThat(all.out()).contains("contamination: would remove 8 of 8 examples");
        gv("data gate SHARDS --against " + hashes).assertRefused("would remove all 8 examples", "nothing was changed");
        assertThat(shards.resolve("curation/001-contamination.jsonl")).doesNotExist();
    }
}
