package org.generalvision.data.shard;

import java.util.Objects;
import org.apache.arrow.vector.complex.StructVector;
import org.generalvision.data.example.Example.Caption;

/** Captions, within a list. */
final class CaptionColumn implements Column<Caption> {
    private final StructVector struct;
    private final TextColumn text;
    private final TextColumn language;

    CaptionColumn(StructVector struct) {
        this.struct = struct;
        text = new TextColumn(Objects.requireNonNull(struct.getChild("text")));
        language = new TextColumn(Objects.requireNonNull(struct.getChild("language")));
    }

    @Override
    public void write(int at, Caption caption) {
        struct.setIndexDefined(at);
        text.write(at, caption.text());
        language.write(at, caption.language());
    }

    @Override
    public Caption read(int at) {
        return new Caption(text.read(at), language.read(at));
    }
}
