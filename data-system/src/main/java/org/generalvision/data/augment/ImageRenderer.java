package org.generalvision.data.augment;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Renders the views of one encoded image after another: the image is decoded once, at the lowest resolution that no view has
 * to enlarge again, and each view is written as floats. One per worker thread; holds native memory until closed.
 */
public final class ImageRenderer implements AutoCloseable {
    /** From this shrinking factor on, bilinear sampling would skip pixels, so areas are averaged instead. */
    private static final double AREA_FROM = 2;

    private final List<ImageView> views;
    private final List<float[]> tables;
    private final ImageDecoder decoder = new ImageDecoder();
    private final Canvas canvas = new Canvas();
    private final Mat resized = new Mat();
    private final List<ViewGeometry> geometries = new ArrayList<>();

    public ImageRenderer(List<ImageView> views) {
        this.views = List.copyOf(views);
        this.tables = this.views.stream().map(view -> view.normalize().table()).toList();
    }

    /**
     * Renders all views.
     *
     * @param encoded PNG or JPEG
     * @param streams one for each view: where its draws come from
     * @param targets one for each view: a direct buffer of {@link ImageView#bytes()} bytes, which receives height x width
     *     x (red, green, blue) floats in native order
     * @throws UnreadableSampleException if the image is broken, of another format, or beyond the limits of {@link
     *     ImageHeader}
     */
    public void render(ByteBuffer encoded, List<? extends RandomGenerator> streams, List<ByteBuffer> targets) {
        render(
                encoded,
                (height, width) -> {
                    List<Crop.Window> windows = new ArrayList<>(views.size());
                    for (int i = 0; i < views.size(); i++) {
                        windows.add(views.get(i).crop().window(height, width, streams.get(i)));
                    }
                    return windows;
                },
                streams,
                targets);
    }

    /** Chooses the windows of the views of one image. */
    @FunctionalInterface
    public interface Windows {
        /** One window for each view of an image of the given size in pixels. */
        List<Crop.Window> of(int imageHeight, int imageWidth);
    }

    /**
     * Renders all views from windows that somebody else chooses, since one view is to show what another one does.
     *
     * @param chooser of the windows; each is resized to the size of its view
     * @throws UnreadableSampleException as the other method
     */
    public void render(
            ByteBuffer encoded, Windows chooser, List<? extends RandomGenerator> streams, List<ByteBuffer> targets) {
        ImageHeader header = ImageHeader.parse(encoded);
        List<Crop.Window> windows = chooser.of(header.height(), header.width());
        geometries.clear();
        ImageDecoder.Detail detail = ImageDecoder.Detail.of(header, windows);
        for (int i = 0; i < views.size(); i++) {
            ImageView view = views.get(i);
            // Views differ in their background only if a recipe says so; the decoder remembers what it last decoded.
            Mat image = i > 0 && view.background().equals(views.get(i - 1).background())
                    ? decoder.decoded()
                    : decoder.decode(encoded, header, detail, view.background());
            canvas.noteBegin();
            crop(image, windows.get(i), detail.reduction(), view);
            for (Augmentation augmentation : view.augmentations()) {
                augmentation.apply(canvas, streams.get(i));
            }
            canvas.write(tables.get(i), targets.get(i));
            geometries.add(new ViewGeometry(
                    header.height(),
                    header.width(),
                    windows.get(i),
                    view.crop().height(),
                    view.crop().width(),
                    canvas.mirrored()));
        }
    }

    /** Where the pixels of a view of the last image come from. */
    public ViewGeometry geometry(int view) {
        return geometries.get(view);
    }

    private void crop(Mat image, Crop.Window window, int reduction, ImageView view) {
        Crop crop = view.crop();
        Crop.Resized size = window.resized();
        int left = Math.min(Math.round((float) window.left() / reduction), image.cols() - 1);
        int top = Math.min(Math.round((float) window.top() / reduction), image.rows() - 1);
        int width = Math.max(1, Math.min(window.width() / reduction, image.cols() - left));
        int height = Math.max(1, Math.min(window.height() / reduction, image.rows() - top));
        double shrinking = Math.max((double) width / size.width(), (double) height / size.height());
        int interpolation = shrinking >= AREA_FROM ? opencv_imgproc.INTER_AREA : opencv_imgproc.INTER_LINEAR;
        boolean whole = size.width() == crop.width() && size.height() == crop.height();
        try (Rect rectangle = new Rect(left, top, width, height);
                Mat part = new Mat(image, rectangle);
                Size target = new Size(size.width(), size.height())) {
            canvas.change((from, to) -> opencv_imgproc.resize(part, whole ? to : resized, target, 0, 0, interpolation));
        }
        if (!whole) {
            cutAndFill(size, view);
        }
    }

    /** The view's part of the resized rectangle, with the background to the right and below if that is smaller. */
    private void cutAndFill(Crop.Resized size, ImageView view) {
        int width = Math.min(view.crop().width(), size.width() - size.left());
        int height = Math.min(view.crop().height(), size.height() - size.top());
        Background color = view.background();
        try (Rect shown = new Rect(size.left(), size.top(), width, height);
                Mat part = new Mat(resized, shown);
                Scalar background = new Scalar(color.blue(), color.green(), color.red(), 0)) {
            opencv_core.copyMakeBorder(
                    part,
                    canvas.image(),
                    0,
                    view.crop().height() - height,
                    0,
                    view.crop().width() - width,
                    opencv_core.BORDER_CONSTANT | opencv_core.BORDER_ISOLATED,
                    background);
        }
    }

    @Override
    public void close() {
        decoder.close();
        canvas.close();
        resized.close();
    }
}
