package org.generalvision.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    @Test
    void aPageShowsItsFiguresAndRefersToNothingOutside(@TempDir Path folder) throws Exception {
        Page page = new Page("A title", "It works.")
                .section("Numbers", "", new Table(List.of("model", "accuracy"), List.of(List.of("ours", "0.81")), 0))
                .section(
                        "Curves",
                        "Over time.",
                        new Curves("step", "loss", List.of(new Curves.Line("a", List.of(1.0, 2.0), List.of(3.0, 1.0)))))
                .section(
                        "Pictures",
                        "",
                        new Gallery(List.of(new Gallery.Row(
                                "a cat",
                                List.of(new Gallery.Picture(
                                        ByteBuffer.wrap(new byte[] {1, 2, 3}), "cat.png", true))))));
        Path file = folder.resolve("report.html");
        page.write(file);
        String html = Files.readString(file);
        assertThat(html)
                .contains("<h1>A title</h1>", "It works.", "0.81", "<svg", "data:image/png;base64,AQID")
                .contains("<tr class=\"best\">")
                .doesNotContain("<script", "src=\"http", "href=\"http", "@import");
    }

    @Test
    void aTextIsEscaped() {
        assertThat(new Page("<b>", "a & b").html())
                .contains("&lt;b&gt;", "a &amp; b")
                .doesNotContain("<b>");
    }

    @Test
    void aRowMustFitItsHeader() {
        assertThatThrownBy(() -> new Table(List.of("a", "b"), List.of(List.of("1")), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 cells under 2 headers");
    }

    @Test
    void cloudsAndSharesAreDrawn() {
        Curves cloud = new Curves(
                "cost",
                "accuracy",
                List.of(
                        Curves.Line.cloud("trials", List.of(1.0, 2.0), List.of(0.3, 0.4)),
                        new Curves.Line("front", List.of(1.0, 2.0), List.of(0.3, 0.4))));
        Shares shares = new Shares(
                "trials",
                "share",
                List.of("1-10", "11-20"),
                List.of(new Shares.Part("mbconv", List.of(0.25, 1.0)), new Shares.Part("sa", List.of(0.75, 0.0))));
        String html = new Page("t", "l").section("Charts", "", cloud, shares).html();
        assertThat(html.split("<svg", -1)).as("two charts").hasSize(3);
        assertThatThrownBy(() -> new Shares("x", "y", List.of("1"), List.of(new Shares.Part("a", List.of(1.0, 2.0)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Part a has 2 shares for 1 bars");
    }

    @Test
    void aLineNeedsAsManyXAsY() {
        assertThatThrownBy(() -> new Curves.Line("a", List.of(1.0), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Line a has 1 x for 0 y");
    }

    @Test
    void barsAndColumnsAreSharesOfTheLargest() {
        assertThat(new Bars(List.of(new Bars.Bar("a <b>", 5, "50 %"), new Bars.Bar("c", 20, "")))
                        .html()
                        .markup())
                .contains("a &lt;b&gt;", "width:25.00%", "width:100.00%", "50 %");
        assertThat(new Histogram("Words", List.of(new Histogram.Column("1-2", 3), new Histogram.Column("3+", 12_000)))
                        .html()
                        .markup())
                .contains("height:0.03%", "height:100.00%", "title=\"3+: 12,000\"", ">12k<");
        assertThat(new Bars(List.of(new Bars.Bar("none", 0, ""))).html().markup())
                .contains("width:0.00%");
    }

    @Test
    void factsAndCardsShowTheirTexts() {
        assertThat(new Facts(List.of(new Facts.Fact("12", "images"))).html().markup())
                .contains("<dd>12</dd>", "<dt>images</dt>");
        Gallery.Picture jpeg = new Gallery.Picture(ByteBuffer.wrap(new byte[] {-1, -40}), "x", false);
        assertThat(new Cards(List.of(new Cards.Card(List.of(jpeg, jpeg), "T", List.of("l"))))
                        .html()
                        .markup())
                .contains("--pictures:2", "data:image/jpeg;base64,/9g=", "<strong>T</strong>", "<div>l</div>");
    }

    @Test
    void aNegativeNumberHasNoBar() {
        assertThatThrownBy(() -> new Bars.Bar("a", -1, "")).hasMessageContaining("must not be negative: a -1");
        assertThatThrownBy(() -> new Histogram.Column("a", -1)).hasMessageContaining("must not be negative: a -1");
    }
}
