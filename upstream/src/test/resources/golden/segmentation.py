"""Makes segmentation.safetensors beside it: torchvision's DeepLabV3 head with its auxiliary FCN, losses and gradients.

Run in this folder: /usr/bin/python3 segmentation.py
Made with Debian 12: python3-torch 1.13.0a0, python3-torchvision 0.14.1a0, python3-numpy 1.24.

In float64, without dropout, 8 channels instead of 256, rates 1, 2, 3 on maps of 6 x 5 cells; 5 classes, images of 24 x 20
pixels of which some have the label 255. `w.NAME` are the parameters by torchvision's names.
"""

import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torchvision.models.segmentation.deeplabv3 import ASPP, DeepLabHead
from torchvision.models.segmentation.fcn import FCNHead

sys.path.insert(0, "../../../../../metanet/src/test/resources/golden")
from zoo import fill, numbers, uniform, write  # noqa: E402

WIDTH, CLASSES = 8, 5


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.classifier = DeepLabHead(7, CLASSES)
        self.classifier[0] = ASPP(7, [1, 2, 3], WIDTH)
        self.classifier[1] = nn.Conv2d(WIDTH, WIDTH, 3, padding=1, bias=False)
        self.classifier[2] = nn.BatchNorm2d(WIDTH)
        self.classifier[4] = nn.Conv2d(WIDTH, CLASSES, 1)
        self.aux_classifier = FCNHead(12, CLASSES)


heads = Heads().double()
for module in heads.modules():
    if isinstance(module, nn.Dropout):
        module.p = 0.0
with torch.no_grad():
    fill(heads)
main = numbers(100, 3, 7, 6, 5).requires_grad_()
early = numbers(101, 3, 12, 6, 5).requires_grad_()
labels = torch.from_numpy(uniform(102, 3 * 24 * 20).reshape(3, 24, 20) * (CLASSES + 1)).long()
labels[labels == CLASSES] = 255
result = {"w." + k: v.clone() for k, v in heads.state_dict().items() if v.is_floating_point()}
result.update(main=main.detach(), early=early.detach(), labels=labels, logits=heads.eval().classifier(main))


def loss(logits):
    resized = functional.interpolate(logits, size=(24, 20), mode="bilinear", align_corners=False)
    return functional.cross_entropy(resized, labels, ignore_index=255)


heads.train()
pixels, auxiliary = loss(heads.classifier(main)), loss(heads.aux_classifier(early))
(pixels + 0.5 * auxiliary).backward()
result.update(pixels=pixels, auxiliary=auxiliary, slope_main=main.grad, slope_early=early.grad)
write("segmentation.safetensors", {k: np.asarray(v.detach(), dtype=np.float64) for k, v in result.items()})
print(float(pixels), float(auxiliary))
