package org.generalvision.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.example.Mask;
import org.generalvision.data.example.MaskCodec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores against pycocotools, for boxes and for masks; {@code golden/coco_scores.py} made the values. */
class CocoGoldenTest {
    private static final double NONE = -1;

    private static Region region(JsonNode region, int side) {
        if (region.isTextual()) {
            return new Region.Pixels(new Mask.RunLengths(side, side, MaskCodec.decode(region.asText()), "", null));
        }
        double x = region.get(0).asDouble();
        double y = region.get(1).asDouble();
        return new Region.Box(
                x, y, x + region.get(2).asDouble(), y + region.get(3).asDouble());
    }

    private static List<ImageObjects> images(JsonNode scene) {
        int side = scene.get("side").asInt();
        List<ImageObjects> images = new ArrayList<>();
        for (JsonNode image : scene.get("images")) {
            List<TrueObject> truths = new ArrayList<>();
            for (JsonNode truth : image.get("truths")) {
                truths.add(new TrueObject(
                        truth.get("label").asInt(),
                        region(truth.get("region"), side),
                        truth.get("area").asDouble(),
                        truth.get("crowd").asBoolean()));
            }
            List<Detection> detections = new ArrayList<>();
            for (JsonNode detection : image.get("detections")) {
                detections.add(new Detection(
                        detection.get("label").asInt(),
                        detection.get("score").asDouble(),
                        region(detection.get("region"), side)));
            }
            images.add(new ImageObjects(truths, detections));
        }
        return images;
    }

    /** What pycocotools says is -1 has no value. */
    private static void assertSame(double actual, JsonNode expected, String name) {
        if (expected.asDouble() == NONE) {
            assertThat(actual).as(name).isNaN();
        } else {
            assertThat(actual).as(name).isCloseTo(expected.asDouble(), within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void scoresAreThoseOfPycocotools(int number) throws IOException {
        JsonNode scene = new ObjectMapper()
                .readTree(Path.of("src/test/resources/golden/coco_scores.json").toFile())
                .get(number);
        JsonNode expected = scene.get("scores");
        int classes = expected.get("apOfClass").size();
        CocoScores scores = CocoScores.of(images(scene), classes);
        assertSame(scores.ap(), expected.get("ap"), "ap");
        assertSame(scores.ap50(), expected.get("ap50"), "ap50");
        assertSame(scores.ap75(), expected.get("ap75"), "ap75");
        assertSame(scores.apSmall(), expected.get("apSmall"), "apSmall");
        assertSame(scores.apMedium(), expected.get("apMedium"), "apMedium");
        assertSame(scores.apLarge(), expected.get("apLarge"), "apLarge");
        assertSame(scores.ar1(), expected.get("ar1"), "ar1");
        assertSame(scores.ar10(), expected.get("ar10"), "ar10");
        assertSame(scores.ar100(), expected.get("ar100"), "ar100");
        assertSame(scores.arSmall(), expected.get("arSmall"), "arSmall");
        assertSame(scores.arMedium(), expected.get("arMedium"), "arMedium");
        assertSame(scores.arLarge(), expected.get("arLarge"), "arLarge");
        for (int label = 0; label < classes; label++) {
            assertSame(scores.apOfClass().get(label), expected.get("apOfClass").get(label), "class " + label);
        }
    }
}
