"""Makes the *.safetensors beside it: reference values of zoo networks.

Run in this folder: /usr/bin/python3 zoo.py
Made with Debian 12: python3-torch 1.13.0a0, python3-torchvision 0.14.1a0, python3-numpy 1.24.

Weights are not stored but computed by the formula of `fill` from the position of a tensor among the sorted names; the
test computes them by the same formula. All arithmetic is in float64.

Tensors: `evaluation` logits in evaluation mode, `training` logits with the batch's own statistics, `gradient` of
sum(training * weighting) with respect to the first input picture.
"""

import json
import struct
from functools import partial

import numpy as np
import torch
import torchvision
from torch import nn
from torch.nn import functional
from torchvision.models import convnext, efficientnet

CLASSES = 10


def uniform(stream, count):
    """SplitMix64 of (stream, i), the upper 24 bits as a number in [0, 1)."""
    with np.errstate(over="ignore"):
        z = (np.uint64(stream) << np.uint64(32)) + np.arange(count, dtype=np.uint64)
        z = (z + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 2.0**24


def fill(network):
    """Matrices and kernels uniform with deviation sqrt(2 / fan in), vectors around 0 or, for scales, around 1."""
    state = {k: v for k, v in network.state_dict().items() if v.is_floating_point()}
    for stream, name in enumerate(sorted(state)):
        tensor = state[name]
        u = uniform(stream, tensor.numel())
        if tensor.dim() > 1:
            fan_in = tensor[0].numel()
            value = (2 * u - 1) * np.sqrt(6.0 / fan_in)
        elif name.endswith("running_var") or name.endswith("weight"):
            value = 0.5 + u
        else:
            value = 0.5 * (u - 0.5)
        tensor.copy_(torch.from_numpy(value.reshape(tuple(tensor.shape))))


def numbers(stream, *shape):
    return torch.from_numpy(2 * uniform(stream, int(np.prod(shape))).reshape(shape) - 1)


def write(path, tensors):
    header, data = {}, b""
    for name, value in sorted(tensors.items()):
        content = value.astype("<f4" if name == "gradient" else "<f8").tobytes()
        header[name] = {
            "dtype": "F32" if name == "gradient" else "F64",
            "shape": list(value.shape),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + data)


def golden(name, network, height, width):
    network = network.double()
    with torch.no_grad():
        fill(network)
    pictures = numbers(1000, 2, 3, height, width).requires_grad_()
    evaluation = network.eval()(pictures).detach()
    training = network.train()(pictures)
    (training * numbers(1001, *training.shape)).sum().backward()
    write(
        name + ".safetensors",
        {
            "evaluation": evaluation.numpy(),
            "training": training.detach().numpy(),
            "gradient": pictures.grad[0].numpy(),
        },
    )


class ClipBottleneck(nn.Module):
    """From arXiv 2103.00020, section 2.4: average pooling in front of convolutions instead of strides."""

    def __init__(self, inside, planes, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inside, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, 4 * planes, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * planes)
        self.pool = nn.AvgPool2d(stride)
        self.downsample = None
        if stride > 1 or inside != 4 * planes:
            self.downsample = nn.Sequential()
            self.downsample.add_module("-1", nn.AvgPool2d(stride))
            self.downsample.add_module("0", nn.Conv2d(inside, 4 * planes, 1, bias=False))
            self.downsample.add_module("1", nn.BatchNorm2d(4 * planes))

    def forward(self, x):
        h = functional.relu(self.bn1(self.conv1(x)))
        h = self.pool(functional.relu(self.bn2(self.conv2(h))))
        h = self.bn3(self.conv3(h))
        return functional.relu(h + (x if self.downsample is None else self.downsample(x)))


class AttentionPool(nn.Module):
    """Multi-head attention of the map's mean (with the first place) on the mean and all places."""

    def __init__(self, grid, width, heads, out):
        super().__init__()
        self.positional_embedding = nn.Parameter(torch.zeros(grid * grid + 1, width))
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))
        self.c_proj = nn.Linear(width, out)
        self.heads = heads

    def forward(self, x):
        x = x.flatten(2).permute(2, 0, 1)
        x = torch.cat([x.mean(0, keepdim=True), x]) + self.positional_embedding[:, None]
        result, _ = functional.multi_head_attention_forward(
            x, x, x, x.shape[-1], self.heads, None,
            torch.cat([self.q_proj.bias, self.k_proj.bias, self.v_proj.bias]), None, None, False, 0.0,
            self.c_proj.weight, self.c_proj.bias, training=False, need_weights=False, use_separate_proj_weight=True,
            q_proj_weight=self.q_proj.weight, k_proj_weight=self.k_proj.weight, v_proj_weight=self.v_proj.weight,
        )
        return result[0]


class ClipResNet(nn.Module):
    def __init__(self, width, repeats, embedding, resolution):
        super().__init__()
        half = width // 2
        self.conv1 = nn.Conv2d(3, half, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(half)
        self.conv2 = nn.Conv2d(half, half, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(half)
        self.conv3 = nn.Conv2d(half, width, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        inside = width
        for i, count in enumerate(repeats):
            planes = width << i
            blocks = []
            for j in range(count):
                blocks.append(ClipBottleneck(inside, planes, 2 if i > 0 and j == 0 else 1))
                inside = 4 * planes
            self.add_module(f"layer{i + 1}", nn.Sequential(*blocks))
        self.attnpool = AttentionPool(resolution // 32, inside, inside // 64, embedding)

    def forward(self, x):
        for conv, norm in ((self.conv1, self.bn1), (self.conv2, self.bn2), (self.conv3, self.bn3)):
            x = functional.relu(norm(conv(x)))
        x = functional.avg_pool2d(x, 2)
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.attnpool(x)


if __name__ == "__main__":
    golden("resnet18", torchvision.models.resnet18(num_classes=CLASSES), 64, 48)
    golden("resnet50", torchvision.models.resnet50(num_classes=CLASSES), 64, 48)
    golden("mobilenetv2", torchvision.models.MobileNetV2(CLASSES, width_mult=0.5, dropout=0), 64, 48)
    with_norm = partial(nn.BatchNorm2d, eps=1e-3)
    blocks = [
        efficientnet.MBConvConfig(1, 3, 1, 16, 8, 1),
        efficientnet.MBConvConfig(6, 3, 2, 8, 16, 2),
        efficientnet.MBConvConfig(6, 5, 2, 16, 24, 2),
    ]
    # torchvision's head is four times as wide as the last stage and its stem as wide as the first block's input.
    golden("efficientnet", efficientnet.EfficientNet(blocks, 0, 0, CLASSES, norm_layer=with_norm), 64, 48)
    golden("vit", torchvision.models.VisionTransformer(48, 16, 2, 2, 32, 128, num_classes=CLASSES), 48, 48)
    golden("swin", torchvision.models.SwinTransformer([4, 4], 16, [2, 2], [2, 4], [7, 7], num_classes=CLASSES,
                                                      stochastic_depth_prob=0), 68, 44)
    stages = [convnext.CNBlockConfig(16, 32, 2), convnext.CNBlockConfig(32, None, 1)]
    golden("convnext", torchvision.models.ConvNeXt(stages, 0, 1e-6, CLASSES), 64, 48)
    golden("clip-resnet", ClipResNet(8, (1, 2, 1, 1), 16, 64), 64, 64)
