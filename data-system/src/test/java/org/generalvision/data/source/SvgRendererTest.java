package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SvgRendererTest {
    private static final int RED = 0xffff0000;

    private final SvgRenderer renderer = new SvgRenderer(96);

    @TempDir
    Path folder;

    @Test
    void aDrawingInACornerIsCenteredAndEnlarged() {
        BufferedImage image = renderer.render(Svg.of(Svg.square("red", 0, 0, 20)));
        assertThat(image.getRGB(48, 48)).isEqualTo(RED);
        assertThat(image.getRGB(8, 8)).isEqualTo(RED);
        assertThat(image.getRGB(87, 87)).isEqualTo(RED);
        assertThat(image.getRGB(0, 0) >>> 24).isZero();
    }

    @Test
    void theAspectIsKeptAndTheRestIsTransparent() {
        BufferedImage image = renderer.render(
                Svg.bytes("<svg xmlns='http://www.w3.org/2000/svg' width='200' height='50' viewBox='0 0 400 100'>"
                        + "<rect fill='red' width='400' height='100'/></svg>"));
        assertThat(image.getRGB(1, 48)).isEqualTo(RED);
        assertThat(image.getRGB(94, 37)).isEqualTo(RED);
        assertThat(image.getRGB(48, 34) >>> 24).isZero();
        assertThat(image.getRGB(48, 61) >>> 24).isZero();
    }

    @Test
    void illustratorsSwitchShowsItsFirstPossibleChoice() {
        BufferedImage image = renderer.render(Svg.of("<switch><foreignObject requiredExtensions='x'><g>"
                + Svg.square("green", 0, 0, 100) + "</g></foreignObject><g>" + Svg.square("red", 0, 0, 100) + "</g><g>"
                + Svg.square("blue", 0, 0, 100) + "</g></switch>"));
        assertThat(image.getRGB(48, 48)).isEqualTo(RED);
    }

    @Test
    void aDoctypeIsPassedOver() {
        BufferedImage image = renderer.render(doctype("", Svg.square("red", 0, 0, 100)));
        assertThat(image.getRGB(48, 48)).isEqualTo(RED);
    }

    @Test
    void entitiesAreNotExpanded() {
        byte[] inside = doctype("<!ENTITY a 'red'>", "<rect fill='&a;' width='100' height='100'/>");
        assertThatIllegalArgumentException().isThrownBy(() -> renderer.render(inside));
        assertThatIllegalArgumentException().isThrownBy(() -> SvgMetadata.read(inside));
        String bomb = "<!ENTITY a 'xxxxxxxxxx'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
                + "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SvgMetadata.read(doctype(bomb, "<text x='&c;'/>")))
                .withMessageContaining("declares entities");
    }

    @Test
    void anOutsideEntityIsNotOpened() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "the secret words");
        byte[] svg = doctype(
                "<!ENTITY x SYSTEM '" + secret.toUri() + "'>",
                "<metadata><Work><title>&x;</title></Work></metadata>" + Svg.square("red", 0, 0, 50));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SvgMetadata.read(svg))
                .withMessageContaining("declares entities")
                .withMessageNotContaining("secret words");
    }

    @Test
    void anEncodingThatWouldHideEntitiesIsRefused() {
        byte[] svg = "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>"
                .getBytes(StandardCharsets.UTF_16);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SvgMetadata.read(svg))
                .withMessageContaining("zero bytes");
    }

    @Test
    void anOutsideDrawingIsNotOpened() throws IOException {
        Path outside = folder.resolve("outside.svg");
        Files.write(outside, Svg.of("<g id='x'>" + Svg.square("red", 0, 0, 100) + "</g>"));
        BufferedImage image = renderer.render(Svg.of("<use xlink:href='" + outside.toUri() + "#x'/><image xlink:href='"
                + outside.toUri() + "' width='100' height='100'/>"));
        assertThat(image.getRGB(0, 0, 96, 96, null, 0, 96)).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "width='1e30' height='1e30'",
                "width='2000000' height='10'",
                "width='0' height='10'",
                "width='-5' height='10'",
                "width='100000' height='1'",
                "width='1e-30' height='1'",
                "width='NaN' height='NaN' viewBox='0 0 0 0'",
            })
    void anAbsurdPageIsRefused(String size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> renderer.render(Svg.bytes(
                        "<svg xmlns='http://www.w3.org/2000/svg' " + size + "><rect width='1' height='1'/></svg>")));
    }

    @Test
    void groupsThatUseGroupsThatUseGroupsEndWithTheBudget() {
        StringBuilder bomb = new StringBuilder("<defs><g id='g0'>" + Svg.square("red", 0, 0, 9) + "</g>");
        for (int i = 1; i <= 12; i++) {
            bomb.append("<g id='g").append(i).append("'>");
            bomb.append(("<use xlink:href='#g" + (i - 1) + "'/>").repeat(10)).append("</g>");
        }
        byte[] svg = Svg.of(bomb + "</defs><use xlink:href='#g12'/>");
        SvgRenderer thrifty = new SvgRenderer(96, 10_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> thrifty.render(svg))
                .withMessageContaining("more drawing than a picture may take");
    }

    @Test
    void dashesBeyondCountingAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> renderer.render(
                        Svg.of("<path stroke='red' stroke-dasharray='0.00001' d='M0,0 L100000,90000'/>")))
                .withMessageContaining("more drawing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<pattern id='p' patternUnits='userSpaceOnUse' width='1000000' height='1000000'><rect width='9' height='9'/>"
                        + "</pattern><rect fill='url(#p)' width='100' height='100'/>",
                "<filter id='p'><feGaussianBlur stdDeviation='100000000'/></filter>"
                        + "<rect filter='url(#p)' width='100' height='100'/>",
            })
    void buffersBeyondAllMemoryAreRefused(String content) {
        assertThatIllegalArgumentException().isThrownBy(() -> renderer.render(Svg.of(content)));
        assertThat(renderer.render(Svg.of(Svg.square("red", 0, 0, 100))).getRGB(48, 48))
                .as("the next picture")
                .isEqualTo(RED);
    }

    @Test
    void aGroupThatUsesItselfEnds() {
        byte[] svg = Svg.of("<g id='a'><use xlink:href='#a'/>" + Svg.square("red", 0, 0, 100) + "</g>");
        try {
            assertThat(renderer.render(svg).getWidth()).isEqualTo(96);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageNotContaining("StackOverflow");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not xml", "<svg", "<html><body/></html>", "<svg xmlns='http://www.w3.org/2000/svg'>"})
    void whatIsNoSvgIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SvgMetadata.read(Svg.bytes(text)));
    }

    @Test
    void absurdNestingIsRefused() {
        String deep = "<g>".repeat(5000) + "</g>".repeat(5000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SvgMetadata.read(Svg.of(deep)))
                .withMessageContaining("nested deeper");
        assertThatIllegalArgumentException().isThrownBy(() -> renderer.render(Svg.of(deep)));
    }

    private static byte[] doctype(String declarations, String content) {
        return Svg.bytes("<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.0//EN'"
                + " 'http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd' [" + declarations
                + "]><svg xmlns='http://www.w3.org/2000/svg' width='100' height='100'>" + content + "</svg>");
    }
}
