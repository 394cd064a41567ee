package org.generalvision.data.example;

import java.util.Locale;

/** What can be wrong with data, in the words of reports; an error spoils training, a warning is worth a look. */
public enum Fault {
    DAMAGED_SHARD(true, "shard files that are missing, differ from the manifest or are malformed"),
    BROKEN_RECORD(true, "records or annotations that cannot be understood"),
    MISSING_FILE(true, "files that are named and not there"),
    UNREADABLE_IMAGE(true, "images that cannot be decoded, end too early or are beyond the limits"),
    IMAGE_SIZE(true, "images of another size than their annotations were made for"),
    DUPLICATE_ID(true, "ids that an earlier record has"),
    UNKNOWN_CLASS(true, "classes that are out of range or have no name"),
    LABEL_CONFLICT(true, "labels that contradict each other within one example"),
    ABSENT_ANCESTOR(true, "labels that are present while a concept above them is recorded absent"),
    EQUAL_IMAGES_DISAGREE(true, "equal images with different labels, of which an image has only one"),
    SPLIT_LEAK(true, "images that are in another split, byte for byte"),
    BOX_NOT_FINITE(true, "boxes with NaN or infinite corners"),
    BOX_WITHOUT_AREA(true, "boxes of no width or height"),
    BOX_OUTSIDE(true, "boxes that stick out of their image"),
    MASK_SIZE(true, "masks of another size than their image"),
    MASK_EMPTY(true, "masks that cover no pixel"),
    DEPTH_UNREADABLE(true, "depth maps that are no 16-bit gray PNG"),
    DEPTH_SIZE(true, "depth maps of another size than their image"),
    EMPTY_CAPTION(true, "captions without a word"),
    DUPLICATE_IMAGE(false, "images that an earlier example has, byte for byte"),
    BOX_BELOW_A_PIXEL(false, "boxes narrower or lower than a pixel"),
    UNANNOTATED(false, "examples without caption, label, box, mask or depth"),
    DEPTH_UNKNOWN(false, "depth maps in which no pixel is known");

    private final boolean error;
    private final String meaning;

    Fault(boolean error, String meaning) {
        this.error = error;
        this.meaning = meaning;
    }

    /** Whether training must not begin. */
    public boolean isError() {
        return error;
    }

    /** What it is called in reports, such as {@code box-outside}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What has it, in the plural. */
    public String meaning() {
        return meaning;
    }
}
