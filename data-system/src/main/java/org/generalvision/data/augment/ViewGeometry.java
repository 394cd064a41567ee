package org.generalvision.data.augment;

/**
 * Where the pixels of a view come from, so that boxes, masks and depth can follow the image.
 *
 * @param storedHeight of the stored image in pixels
 * @param storedWidth of the stored image in pixels
 * @param window what was cut out and how it was resized
 * @param height of the view in pixels
 * @param width of the view in pixels
 * @param mirrored whether left and right were swapped at the end
 */
public record ViewGeometry(
        int storedHeight, int storedWidth, Crop.Window window, int height, int width, boolean mirrored) {

    /** Where a horizontal place of the stored image lies in the view; it may lie outside. Both count from the left edge. */
    public double x(double stored) {
        double moved = (stored - window.left()) * window.resized().width() / window.width()
                - window.resized().left();
        return mirrored ? width - moved : moved;
    }

    /** Where a vertical place of the stored image lies in the view; it may lie outside. Both count from the upper edge. */
    public double y(double stored) {
        return (stored - window.top()) * window.resized().height() / window.height()
                - window.resized().top();
    }

    /** Whether a column of the view shows the image, and not what fills the rest. */
    public boolean showsColumn(int column) {
        int unmirrored = mirrored ? width - 1 - column : column;
        return unmirrored + window.resized().left() < window.resized().width();
    }

    /** Whether a row of the view shows the image, and not what fills the rest. */
    public boolean showsRow(int row) {
        return row + window.resized().top() < window.resized().height();
    }

    /** The column of the stored image in which the center of a column of the view lies. */
    public int storedColumn(int column) {
        int unmirrored = mirrored ? width - 1 - column : column;
        double place = (unmirrored + 0.5 + window.resized().left())
                * window.width()
                / window.resized().width();
        return Math.min(storedWidth - 1, window.left() + (int) place);
    }

    /** The row of the stored image in which the center of a row of the view lies. */
    public int storedRow(int row) {
        double place = (row + 0.5 + window.resized().top())
                * window.height()
                / window.resized().height();
        return Math.min(storedHeight - 1, window.top() + (int) place);
    }
}
