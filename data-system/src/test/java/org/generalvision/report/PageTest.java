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
    void aLineNeedsAsManyXAsY() {
        assertThatThrownBy(() -> new Curves.Line("a", List.of(1.0), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Line a has 1 x for 0 y");
    }
}
