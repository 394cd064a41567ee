package org.generalvision.data.scene;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.generalvision.data.source.Split;

/** The backdrops of a recipe with what they lie on. Safe for use by several threads. */
final class Backdrops {
    private final SceneConfig config;
    private final Map<Backdrop.Photos, PhotoFolder> folders = new HashMap<>();

    Backdrops(SceneConfig config, Split split) {
        this.config = config;
        int side = Math.max(config.height(), config.width());
        for (Backdrop backdrop : config.backdrops()) {
            if (backdrop instanceof Backdrop.Photos photos) {
                folders.put(photos, new PhotoFolder(photos.directory(), split, side));
            }
        }
    }

    /** One of the backdrops by its weight. */
    Backdrop choose(RandomGenerator random) {
        double total = config.backdrops().stream().mapToDouble(Backdrop::weight).sum();
        double left = total * random.nextDouble();
        for (Backdrop backdrop : config.backdrops()) {
            left -= backdrop.weight();
            if (left < 0) {
                return backdrop;
            }
        }
        return config.backdrops().get(config.backdrops().size() - 1);
    }

    Setting draw(Backdrop backdrop, RandomGenerator random) {
        if (backdrop instanceof Backdrop.Outdoor) {
            return Setting.Outdoor.draw(config.appearance().haze(), random);
        }
        if (backdrop instanceof Backdrop.Room room) {
            return new Setting.Room(room.wall().draw(random));
        }
        if (backdrop instanceof Backdrop.Photos photos) {
            PhotoFolder folder = folders.get(photos);
            if (folder == null) {
                throw new IllegalStateException("The photographs of " + photos.directory() + " are not open");
            }
            return new Setting.Photo(folder.draw(random));
        }
        return new Setting.Plain();
    }

    List<CutoutLibrary.Unusable> unusable() {
        return folders.values().stream()
                .flatMap(folder -> folder.unusable().stream())
                .toList();
    }
}
