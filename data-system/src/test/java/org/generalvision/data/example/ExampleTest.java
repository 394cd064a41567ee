package org.generalvision.data.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.hash.HashCode;
import com.google.common.primitives.ImmutableIntArray;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.Example.Depth;
import org.generalvision.data.example.Example.Hashes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleTest {
    private static final ByteBuffer IMAGE = ByteBuffer.wrap("abc".getBytes(StandardCharsets.US_ASCII));

    @Test
    void whatABuilderIsNotToldIsNotAnnotated() {
        Example example = Example.builder("a", IMAGE, "made-up", "MIT").build();
        assertThat(example)
                .isEqualTo(new Example(
                        "a", IMAGE, "made-up", "MIT", List.of(), List.of(), List.of(), List.of(), List.of(), null, null,
                        false));
    }

    @Test
    void anExampleSurvivesItsOwnBuilder() {
        Example example = Example.builder("a", IMAGE, "made-up", "MIT")
                .captions(List.of(new Caption("a cat", "en")))
                .labels(List.of("cat"))
                .absentLabels(List.of("dog"))
                .boxes(List.of(new Box(0, 0, 1, 1, "cat", false)))
                .masks(List.of(mask(0)))
                .depth(new Depth(IMAGE, 0.001))
                .hashes(Hashes.ofContent(IMAGE).withPerceptual(-5))
                .synthetic(true)
                .build();
        assertThat(example.toBuilder().build()).isEqualTo(example);
        assertThat(example.toBuilder().image(IMAGE).build().hashes()).isNull();
    }

    /** The digest of "abc" stands in FIPS 180-2, appendix B.1. */
    @Test
    void theContentHashIsSha256OfTheEncodedImage() {
        assertThat(Hashes.ofContent(IMAGE).content())
                .hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(IMAGE.remaining()).isEqualTo(3);
    }

    @Test
    void aMaskOfABoxThatThereIsNotIsRefused() {
        ExampleBuilder builder = Example.builder("a", IMAGE, "made-up", "MIT").masks(List.of(mask(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(builder.boxes(List.of(new Box(0, 0, 1, 1, "cat", false)))::build)
                .withMessageContaining("belongs to box 1, but there are 1");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, 1", "0, 0, NaN, 1", "NaN, 0, 1, 1", "0, 0, Infinity, 1", "-Infinity, 0, 1, 1", "0, 2, 1, 1"})
    void aBoxWithoutAreaOrEndIsRefused(double x1, double y1, double x2, double y2) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Box(x1, y1, x2, y2, "cat", false))
                .withMessageContaining("A box must have");
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "NaN", "Infinity"})
    void depthWithoutAUnitIsRefused(double metresPerUnit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Depth(IMAGE, metresPerUnit))
                .withMessageContaining("metres per unit");
    }

    @Test
    void aContentHashOfAnotherKindIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hashes(HashCode.fromLong(1), null))
                .withMessageContaining("not 64");
    }

    private static Mask mask(int box) {
        return new Mask.RunLengths(1, 1, ImmutableIntArray.of(0, 1), "cat", box);
    }
}
