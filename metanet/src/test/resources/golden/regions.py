"""Makes regions.safetensors beside it: torchvision's RoIAlign, overlaps, box coding and suppression.

Run in this folder: /usr/bin/python3 regions.py
Made with Debian 12: python3-torch 1.13.0a0, python3-torchvision 0.14.1a0, python3-numpy 1.24.

Inputs are stored with the results. `align.S` and `gradient.S` are of S samples in each direction of a bin (0: as many as
it has cells), 3 x 2 bins, half a cell per pixel, half-pixel shift; the gradient is that of sum(align * weighting).
"""

import numpy as np
import torch
from torchvision.models.detection._utils import BoxCoder
from torchvision.ops import batched_nms, box_iou, generalized_box_iou, roi_align

from zoo import numbers, uniform, write


def boxes(stream, count, side):
    corner = torch.from_numpy(uniform(stream, 2 * count).reshape(count, 2)) * side
    size = 1 + torch.from_numpy(uniform(stream + 1, 2 * count).reshape(count, 2)) * side / 2
    return torch.cat([corner - 4, corner - 4 + size], 1)


features = numbers(1, 2, 3, 16, 12)
regions = boxes(2, 20, 40)
images = torch.arange(20) % 2
weighting = numbers(4, 20, 3, 3, 2)
result = {"features": features, "regions": regions, "images": images.double(), "weighting": weighting}
for samples in (2, 0):
    x = features.clone().requires_grad_()
    rows = torch.cat([images[:, None].double(), regions], 1)
    aligned = roi_align(x, rows, (3, 2), 0.5, samples or -1, True)
    (aligned * weighting).sum().backward()
    result[f"align.{samples}"] = aligned.detach()
    result[f"gradient.{samples}"] = x.grad
first, second = boxes(5, 12, 30), boxes(7, 12, 30)
coder = BoxCoder((10.0, 10.0, 5.0, 5.0))
offsets = coder.encode_single(first, second)
result.update(first=first, second=second, iou=box_iou(first, second), giou=generalized_box_iou(first, second))
result.update(offsets=offsets, decoded=coder.decode_single(5 * offsets, second))
many = boxes(9, 400, 60).float()
scores = torch.from_numpy(uniform(11, 400)).float()
groups = torch.arange(400) % 3
result.update(many=many, scores=scores, kept=batched_nms(many, scores, groups, 0.4))
write("regions.safetensors", {name: np.asarray(value, dtype=np.float64) for name, value in result.items()})
