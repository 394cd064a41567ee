"""Makes detection.safetensors beside it: torchvision's feature pyramid, proposals, box and mask heads, losses and gradients.

Run in this folder: /usr/bin/python3 detection.py
Made with Debian 12: python3-torch 1.13.0a0, python3-torchvision 0.14.1a0, python3-numpy 1.24.

Three images of 64 x 128 pixels, the last one without objects, all in float64. `tap.S` are the maps of a backbone, `w.NAME` the
parameters by torchvision's names, `map.I` those of the pyramid. Samplers take everything, so that nothing is drawn.
RoIAlign has the half-pixel shift (aligned=True), which torchvision's own models leave out.
"""

import sys
from functools import partial

import numpy as np
import torch
import torchvision
from torch import nn
from torchvision.models.detection import _utils, roi_heads
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
from torchvision.models.detection.rpn import RegionProposalNetwork, RPNHead
from torchvision.ops import FeaturePyramidNetwork, MultiScaleRoIAlign, poolers
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool

sys.path.insert(0, "../../../../../metanet/src/test/resources/golden")
from zoo import fill, numbers, write  # noqa: E402

CHANNELS, WIDTH, CLASSES, HEIGHT, COLUMNS = [4, 6, 8, 10], 8, 4, 64, 128
ALL = 10**6

aligned = partial(torchvision.ops.roi_align, aligned=True)
poolers.roi_align = aligned
roi_heads.roi_align = aligned


class Proposals(RegionProposalNetwork):
    """In float64 all the way: the labels are float32 otherwise."""

    def assign_targets_to_anchors(self, anchors, targets):
        labels, boxes = super().assign_targets_to_anchors(anchors, targets)
        return [label.double() for label in labels], [box.double() for box in boxes]


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.fpn = FeaturePyramidNetwork(CHANNELS, WIDTH, LastLevelMaxPool())
        anchors = AnchorGenerator(tuple((s,) for s in (8, 16, 32, 64, 128)), ((0.5, 1.0, 2.0),) * 5)
        self.rpn = Proposals(
            anchors,
            RPNHead(WIDTH, 3),
            0.7,
            0.3,
            ALL,
            0.5,
            {"training": 60, "testing": 40},
            {"training": 50, "testing": 30},
            0.7,
        )
        names = ["0", "1", "2", "3"]
        pool = partial(MultiScaleRoIAlign, names, sampling_ratio=2, canonical_scale=56)
        self.roi_heads = roi_heads.RoIHeads(
            pool(output_size=7),
            TwoMLPHead(WIDTH * 49, 16),
            FastRCNNPredictor(16, CLASSES),
            0.5,
            0.5,
            ALL,
            0.25,
            None,
            0.05,
            0.5,
            20,
            pool(output_size=14),
            MaskRCNNHeads(WIDTH, (8, 8), 1),
            MaskRCNNPredictor(8, 8, CLASSES),
        )


def disc(x1, y1, x2, y2):
    y, x = np.mgrid[0:HEIGHT, 0:COLUMNS] + 0.5
    inside = ((x - (x1 + x2) / 2) / (x2 - x1)) ** 2 + ((y - (y1 + y2) / 2) / (y2 - y1)) ** 2 <= 0.25
    return torch.from_numpy(inside.astype(np.float64))


def target(boxes, labels):
    masks = [disc(*box) for box in boxes]
    return {
        "boxes": torch.tensor(boxes, dtype=torch.float64).reshape(-1, 4),
        "labels": torch.tensor(labels, dtype=torch.int64),
        "masks": torch.stack(masks) if masks else torch.zeros(0, HEIGHT, COLUMNS, dtype=torch.float64),
    }


targets = [
    target([[3, 4, 30, 40], [50.5, 10.25, 90, 60], [20, 30, 31, 43]], [1, 3, 2]),
    target([[0, 0, 128, 64], [40, 20, 52, 29]], [2, 1]),
    target([], []),
]
detector = Detector().double()
with torch.no_grad():
    fill(detector)
    # Logits that are neither all certain nor all alike.
    detector.roi_heads.box_predictor.bbox_pred.weight.mul_(0.3)
    detector.rpn.head.bbox_pred.weight.mul_(0.1)
taps = [numbers(100 + i, 3, c, 16 >> i, 32 >> i).requires_grad_() for i, c in enumerate(CHANNELS)]
images = ImageList(torch.zeros(3, 3, HEIGHT, COLUMNS, dtype=torch.float64), [(HEIGHT, COLUMNS)] * 3)
result = {"w." + name: value for name, value in detector.state_dict().items()}
result.update({f"tap.{4 << i}": tap.detach() for i, tap in enumerate(taps)})


def forward(train):
    detector.train(train)
    maps = detector.fpn({str(i): tap for i, tap in enumerate(taps)})
    proposals, losses = detector.rpn(images, maps, targets if train else None)
    detections, more = detector.roi_heads(maps, proposals, images.image_sizes, targets if train else None)
    return maps, proposals, detections, {**losses, **more}


maps, trained, _, losses = forward(True)
for i, level in enumerate(maps.values()):
    result[f"map.{i}"] = level
sum(losses.values()).backward()
result.update({"loss." + name: value for name, value in losses.items()})
result.update({f"slope.{4 << i}": tap.grad for i, tap in enumerate(taps)})
result.update({f"trained.{i}": p for i, p in enumerate(trained)})
with torch.no_grad():
    _, proposals, detections, _ = forward(False)
for i in range(3):
    result[f"proposals.{i}"] = proposals[i]
    for name in ("boxes", "labels", "scores"):
        result[f"{name}.{i}"] = detections[i][name]
result["masks.0"] = detections[0]["masks"]
for i, t in enumerate(targets):
    result[f"truth.{i}"] = torch.cat([t["boxes"], t["labels"].double()[:, None]], 1)
result["anchors"] = detector.rpn.anchor_generator(images, list(maps.values()))[0]
for name, value in losses.items():
    print(name, float(value))
print([len(p) for p in proposals], [len(d["scores"]) for d in detections])
write("detection.safetensors", {k: np.asarray(v.detach(), dtype=np.float64) for k, v in result.items()})
