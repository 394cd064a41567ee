"""Makes coco_scores.json beside it: the twelve figures of pycocotools, and the precision of each class.

Run in this folder: python3 coco_scores.py
Made with Python 3.11, pycocotools 2.0.11 and numpy 2.4.6 (pip install pycocotools).

Inputs are stored with the results: `boxes` as COCO's x, y, width, height, `masks` as its run lengths in their text form.
Sides are whole pixels and scores eighths, so that scores are often equal, within an image and across images, and overlaps
and areas lie on the thresholds themselves. The first image has nothing, the second detections alone, the third more
detections of a class than the 100 that are looked at. The last class has detections and no truths, the one before only
crowds.
"""

import contextlib
import io
import json

import numpy as np
from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

CLASSES = 5
FIGURES = ("ap", "ap50", "ap75", "apSmall", "apMedium", "apLarge", "ar1", "ar10", "ar100", "arSmall", "arMedium", "arLarge")
# Their products with each other meet the limits of the sizes, 32 x 32 and 96 x 96.
SIDES = (8, 16, 20, 24, 32, 40, 48, 64, 72, 96, 128, 144)


def place(random, side):
    width, height = (min(int(random.choice(SIDES)), side) for _ in range(2))
    return [int(random.integers(side - width + 1)), int(random.integers(side - height + 1)), width, height]


def near(random, box, side):
    """The same place, or one that lacks an eighth to a half of a side, or one that is moved a little."""
    x, y, width, height = box
    kind = random.integers(4)
    if kind == 1:
        width -= width * int(random.integers(1, 5)) // 8
    elif kind == 2:
        height -= height * int(random.integers(1, 5)) // 8
    elif kind == 3:
        x, y = (max(0, at + int(random.integers(-3, 4))) for at in (x, y))
    return [x, y, max(1, min(width, side - x)), max(1, min(height, side - y))]


def inside(random, box):
    """A part of a crowd."""
    x, y, width, height = box
    return [x + width // 8, y + height // 8, max(1, width // int(random.integers(2, 5))), max(1, height // 2)]


def region(random, box, side, kind):
    if kind == "boxes":
        return box
    x, y, width, height = box
    pixels = np.zeros((side, side), dtype=np.uint8, order="F")
    pixels[y : y + height, x : x + width] = 1
    # Holes, so that a mask is not its box.
    if random.integers(2):
        pixels[y + height // 4 : y + height // 2, x + width // 4 : x + width // 2] = 0
    return masks.encode(pixels)["counts"].decode()


def area(shape, side, kind):
    if kind == "boxes":
        return shape[2] * shape[3]
    return int(masks.area({"size": [side, side], "counts": shape}))


def image(random, number, side, kind):
    truths, detections = [], []

    def detect(label, box):
        score = int(random.integers(8)) / 8
        detections.append({"label": label, "score": score, "region": region(random, box, side, kind)})

    for _ in range(0 if number < 2 else int(random.integers(1, 8))):
        label = int(random.integers(CLASSES - 1))
        crowd = label == CLASSES - 2 or bool(random.integers(5) == 0)
        box = place(random, side)
        shape = region(random, box, side, kind)
        # A box has the area of the mask in it.
        size = area(shape, side, kind) * (int(random.integers(2, 5)) / 4 if kind == "boxes" else 1)
        truths.append({"label": label, "region": shape, "area": size, "crowd": crowd})
        for _ in range(int(random.integers(5))):
            other = int(random.integers(CLASSES)) if random.integers(5) == 0 else label
            detect(other, inside(random, box) if crowd and random.integers(2) else near(random, box, side))
    strays = 0 if number == 0 else 120 if number == 2 and kind == "boxes" else int(random.integers(4))
    for _ in range(strays):
        detect(0 if strays > 100 else int(random.integers(CLASSES)), place(random, side))
    return {"truths": truths, "detections": detections}


def shaped(shape, side, kind):
    return {"bbox": shape} if kind == "boxes" else {"segmentation": {"size": [side, side], "counts": shape}}


def evaluate(images, side, kind):
    truths, detections = [], []
    for number, each in enumerate(images):
        for truth in each["truths"]:
            truths.append({"id": len(truths) + 1, "image_id": number + 1, "category_id": truth["label"] + 1,
                           "area": truth["area"], "iscrowd": int(truth["crowd"]), **shaped(truth["region"], side, kind)})
        for detection in each["detections"]:
            detections.append({"image_id": number + 1, "category_id": detection["label"] + 1,
                               "score": detection["score"], **shaped(detection["region"], side, kind)})
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "info": {},
            "images": [{"id": i + 1, "height": side, "width": side} for i in range(len(images))],
            "categories": [{"id": i + 1, "name": str(i)} for i in range(CLASSES)],
            "annotations": truths,
        }
        coco.createIndex()
        scorer = COCOeval(coco, coco.loadRes(detections), "bbox" if kind == "boxes" else "segm")
        scorer.evaluate()
        scorer.accumulate()
        scorer.summarize()
    # Thresholds, recalls, classes, sizes, most detections.
    of_class = scorer.eval["precision"][:, :, :, 0, -1].mean(axis=(0, 1))
    return {**dict(zip(FIGURES, scorer.stats.tolist())), "apOfClass": of_class.tolist()}


def scene(seed, count, side, kind):
    random = np.random.default_rng(seed)
    images = [image(random, number, side, kind) for number in range(count)]
    return {"kind": kind, "side": side, "images": images, "scores": evaluate(images, side, kind)}


if __name__ == "__main__":
    scenes = [scene(1, 24, 160, "boxes"), scene(2, 12, 160, "boxes"), scene(3, 8, 72, "boxes"), scene(4, 16, 144, "masks")]
    with open("coco_scores.json", "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(each, separators=(",", ":")) for each in scenes) + "\n]\n")
