package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.generalvision.data.example.Example.Caption;
import org.junit.jupiter.api.Test;

class ClipArtNamesTest {
    private final ClipArtNames names = new ClipArtNames(List.of());

    @Test
    void aTitleOfItsOwnIsTheName() {
        assertThat(names.name("whatever_01", titled("Lemon_(Slice)"))).isEqualTo("Lemon (Slice)");
    }

    @Test
    void aCollectionsTitleGivesWayToTheFilesNameWithoutItsAuthor() {
        SvgMetadata shared =
                metadata("Various Cliparts", "", List.of("unsorted"), List.of("Francesco Rollandini"), "en");
        ClipArtNames among = new ClipArtNames(Collections.nCopies(3, shared));
        assertThat(among.name("fire_truck_francesco_rollan_01", shared)).isEqualTo("fire truck");
        assertThat(new ClipArtNames(Collections.nCopies(2, shared)).name("fire_truck", shared))
                .isEqualTo("Various Cliparts");
    }

    @Test
    void aSharedTitleThatTheTagsConfirmStays() {
        SvgMetadata card = metadata("card", "", List.of("card", "white"), List.of(), "en");
        assertThat(new ClipArtNames(Collections.nCopies(50, card)).name("white_h_7", card))
                .isEqualTo("card");
    }

    @Test
    void authorNumberAndDoubleEscapesAreNoPartOfAName() {
        assertThat(names.name("x", titled("Clipart by Nicu Buculei - smiley111")))
                .isEqualTo("smiley");
        assertThat(names.name("x", titled("Gelato all&#39;italiana 02"))).isEqualTo("Gelato all'italiana");
        assertThat(names.name("x", titled("g8"))).isEqualTo("g8");
    }

    @Test
    void aCaptionIsTitleAndTheTagsThatAddSomething() {
        SvgMetadata metadata = metadata(
                "Soccer Ball",
                "Soccer Ball",
                List.of("", "hash(0x8a09558)", "sports", "soccer", "Balls", "leisure_time", "11", "Jane Doe", "Sport"),
                List.of("Jane Doe"),
                "EN");
        assertThat(names.captions("Soccer Ball", metadata))
                .containsExactly(new Caption("Soccer Ball, sports, leisure time", "en"));
    }

    @Test
    void aTagThatSpellsTheTitleOtherwiseDoesNotReplaceIt() {
        SvgMetadata metadata = metadata("SmartCard", "", List.of("computer", "smartcard"), List.of(), "en");
        assertThat(names.captions("SmartCard", metadata)).containsExactly(new Caption("SmartCard, computer", "en"));
    }

    @Test
    void aDescriptionThatDescribesIsASecondCaption() {
        assertThat(names.captions("Bolt", metadata("Bolt", "A bolt of lightning at night", List.of(), List.of(), "pl")))
                .containsExactly(new Caption("Bolt", "pl"), new Caption("A bolt of lightning at night", "pl"));
        for (String none : List.of("bolt", "EPS converted from http://aiga.org", "mail me at a@b.org", "")) {
            assertThat(names.captions("Bolt", metadata("Bolt", none, List.of(), List.of(), "en")))
                    .as(none)
                    .hasSize(1);
        }
    }

    @Test
    void declaredLanguagesBecomeTags() {
        assertThat(language("en_GB en_US")).isEqualTo("en-GB");
        assertThat(language("es-ES")).isEqualTo("es-ES");
        assertThat(language("English")).isEqualTo("en");
        assertThat(language("")).isEqualTo("en");
        assertThat(language("!!")).isEqualTo("und");
    }

    private String language(String declared) {
        return names.captions("x", metadata("x", "", List.of(), List.of(), declared))
                .get(0)
                .language();
    }

    private static SvgMetadata titled(String title) {
        return metadata(title, "", List.of(), List.of(), "en");
    }

    private static SvgMetadata metadata(
            String title, String description, List<String> tags, List<String> creators, String language) {
        return new SvgMetadata(title, description, tags, creators, language, "PublicDomain", false);
    }
}
