package org.generalvision.report;

import java.util.List;

/**
 * Large pictures with what is known of them, as many beside each other as there is room for.
 *
 * @param cards from left to right
 */
public record Cards(List<Card> cards) implements Figure {
    public Cards {
        cards = List.copyOf(cards);
    }

    /**
     * One thing.
     *
     * @param pictures of it, side by side
     * @param title in bold
     * @param lines below it
     */
    public record Card(List<Gallery.Picture> pictures, String title, List<String> lines) {
        public Card {
            pictures = List.copyOf(pictures);
            lines = List.copyOf(lines);
        }

        private Html html() {
            Html shown = Html.element(
                    "div",
                    "class=\"shown\"",
                    Html.join(pictures.stream().map(Gallery.Picture::html).toList()));
            Html below = Html.join(lines.stream()
                    .map(line -> Html.element("div", Html.text(line)))
                    .toList());
            String width = "class=\"card\" style=\"--pictures:%d\"".formatted(Math.max(1, pictures.size()));
            return Html.element(
                    "article", width, Html.join(List.of(shown, Html.element("strong", Html.text(title)), below)));
        }
    }

    @Override
    public Html html() {
        return Html.element(
                "div",
                "class=\"cards\"",
                Html.join(cards.stream().map(Card::html).toList()));
    }
}
