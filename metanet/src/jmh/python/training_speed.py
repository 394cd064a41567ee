"""The PyTorch side of the training-speed comparison (see TrainingSpeed.java).

Speaks on standard input and output: prints "ready" after warm-up, then for each line holding a number of steps runs that
many training steps (or forward passes) and prints the seconds they took.

Usage: training_speed.py NETWORK PRECISION WORK THREADS FORMAT PARAMETERS
  NETWORK    hybrid (batch 16, 3x64x64), mn-b4 (batch 8, 3x224x224) or a network of torchvision (batch 8, 3x224x224)
  PRECISION  float32 or mixed (bfloat16 autocast)
  WORK       train or forward (evaluation mode, inference mode)
  FORMAT     channels-last or row-major, in memory
  PARAMETERS how many the other side has; a network with another number is not the same one, and is refused
"""

import sys
import time

import torch
from torch import nn


class MBConv(nn.Module):
    """1x1 expand, depth-wise 3x3, 1x1 project; batch norm after each, SiLU after the first two."""

    def __init__(self, channels_in, channels_out, stride, expansion):
        super().__init__()
        hidden = channels_in * expansion
        self.body = nn.Sequential(
            nn.Conv2d(channels_in, hidden, 1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, channels_out, 1, bias=False),
            nn.BatchNorm2d(channels_out),
        )
        self.residual = stride == 1 and channels_in == channels_out

    def forward(self, x):
        y = self.body(x)
        return x + y if self.residual else y


class Attention(nn.Module):
    def __init__(self, width, heads, out=None):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, out or width)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) * (d // self.heads) ** -0.5).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(b, n, d))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Hybrid(nn.Module):
    """The comparison's network of 5.4 M parameters: MBConv stages, then transformer blocks over 8x8 tokens."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.SiLU())
        self.stages = nn.Sequential(
            MBConv(32, 64, 2, 4),
            MBConv(64, 64, 1, 4),
            MBConv(64, 128, 2, 4),
            *[MBConv(128, 128, 1, 4) for _ in range(4)],
        )
        self.embed = nn.Conv2d(128, 256, 1)
        self.blocks = nn.Sequential(*[TransformerBlock(256, 8) for _ in range(6)])
        self.norm = nn.LayerNorm(256)
        self.head = nn.Linear(256, 100)

    def forward(self, x):
        x = self.embed(self.stages(self.stem(x)))
        x = x.flatten(2).transpose(1, 2)
        return self.head(self.norm(self.blocks(x)).mean(1))


class ConvNormGelu(nn.Sequential):
    def __init__(self, channels_in, channels_out, kernel, stride=1, groups=1):
        super().__init__(
            nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(channels_out),
            nn.GELU(),
        )


def shortcut(channels_in, channels_out, stride):
    if channels_in == channels_out and stride == 1:
        return nn.Identity()
    return nn.Sequential(nn.MaxPool2d(3, stride, 1), nn.Conv2d(channels_in, channels_out, 1))


class MetaNetMBConv(nn.Module):
    """MBConv of MetaNet (OpenGVLab/gv-benchmark): norm, expand, depth-wise, squeeze and excitation, project, norm."""

    def __init__(self, channels_in, channels_out, stride, expansion):
        super().__init__()
        import torchvision

        hidden = channels_in * expansion
        squeezed = max(8, (hidden // 4 + 4) // 8 * 8)
        body = []
        if hidden != channels_in or stride != 1:
            body = [nn.BatchNorm2d(channels_in), ConvNormGelu(channels_in, hidden, 1)]
        self.body = nn.Sequential(
            *body,
            ConvNormGelu(hidden, hidden, 3, stride, hidden),
            torchvision.ops.SqueezeExcitation(hidden, squeezed, scale_activation=nn.Hardsigmoid),
            nn.Conv2d(hidden, channels_out, 1),
            nn.BatchNorm2d(channels_out),
        )
        self.shortcut = shortcut(channels_in, channels_out, stride)

    def forward(self, x):
        return self.shortcut(x) + self.body(x)


class MetaNetAttention(nn.Module):
    """Attention block of MetaNet; the one that changes the shape pools before attention and has no MLP."""

    def __init__(self, channels_in, channels_out, stride, expansion, head_width=48):
        super().__init__()
        self.position = nn.Conv2d(channels_in, channels_in, 3, 1, 1, groups=channels_in)
        self.norm1 = nn.LayerNorm(channels_in)
        self.attention = Attention(channels_in, channels_in // head_width, channels_out)
        self.scale1 = nn.Parameter(torch.full([channels_out], 1e-6))
        self.same = channels_in == channels_out and stride == 1
        if self.same:
            hidden = expansion * channels_in
            self.norm2 = nn.LayerNorm(channels_in)
            self.mlp = nn.Sequential(nn.Linear(channels_in, hidden), nn.GELU(), nn.Linear(hidden, channels_in))
            self.scale2 = nn.Parameter(torch.full([channels_in], 1e-6))
        else:
            self.pool = nn.MaxPool2d(3, stride, 1)
            self.shortcut = shortcut(channels_in, channels_out, stride)

    def forward(self, x):
        x = x + self.position(x)
        b, _, h, w = x.shape
        if self.same:
            t = x.flatten(2).transpose(1, 2)
            t = t + self.scale1 * self.attention(self.norm1(t))
            t = t + self.scale2 * self.mlp(self.norm2(t))
            return t.transpose(1, 2).reshape(b, -1, h, w)
        pooled = self.pool(self.norm1(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))
        h, w = pooled.shape[2:]
        t = self.scale1 * self.attention(pooled.flatten(2).transpose(1, 2))
        return self.shortcut(x) + t.transpose(1, 2).reshape(b, -1, h, w)


def metanet_b4():
    """MN-B4: operator, expansion, stride, repeats and channels of each stage."""
    stages = [
        (MetaNetMBConv, 1, 1, 2, 32),
        (MetaNetMBConv, 4, 2, 3, 64),
        (MetaNetMBConv, 6, 2, 6, 128),
        (MetaNetMBConv, 3, 2, 6, 192),
        (MetaNetAttention, 2, 1, 6, 192),
        (MetaNetAttention, 5, 2, 12, 384),
    ]
    layers = [ConvNormGelu(3, 32, 3, 2)]
    width = 32
    for operator, expansion, stride, repeats, channels in stages:
        for i in range(repeats):
            layers.append(operator(width, channels, stride if i == 0 else 1, expansion))
            width = channels
    layers += [ConvNormGelu(width, 1280, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, 1000)]
    return nn.Sequential(*layers)


def network(name):
    if name == "hybrid":
        return Hybrid(), (16, 3, 64, 64), 100
    if name == "mn-b4":
        return metanet_b4(), (8, 3, 224, 224), 1000
    from torchvision import models

    if name == "vit-s16":
        vit = models.VisionTransformer(224, 16, num_layers=12, num_heads=6, hidden_dim=384, mlp_dim=1536)
        return vit, (8, 3, 224, 224), 1000
    make = getattr(models, {"efficientnet-b0": "efficientnet_b0", "vit-b16": "vit_b_16"}.get(name, name), None)
    if make is None:
        sys.exit("torchvision has no network " + name)
    return make(), (8, 3, 224, 224), 1000


def norm_in_float32(norm, x):
    return nn.functional.layer_norm(x.float(), norm.normalized_shape, norm.weight, norm.bias, norm.eps)


def main():
    name, precision, work, threads, layout, parameters = sys.argv[1:7]
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    if precision == "mixed":
        # PyTorch 1.13's autocast on the processor leaves layer norm alone, which then refuses bfloat16 with float32 weights;
        # on a GPU, and in later versions, it is done in float32.
        nn.LayerNorm.forward = norm_in_float32
    layout = torch.channels_last if layout == "channels-last" else torch.contiguous_format
    model, shape, classes = network(name)
    counted = sum(p.numel() for p in model.parameters())
    if counted != int(parameters):
        sys.exit(f"{name} has {counted} parameters here and {parameters} on the other side")
    model = model.to(memory_format=layout).train(work == "train")
    if precision == "mixed":
        for module in model.modules():
            if isinstance(module, nn.MultiheadAttention):
                # Its inference kernel in 1.13 ignores autocast and refuses the types it meets; without dropout the
                # training form computes the same.
                module.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05, foreach=True)
    images = torch.randn(shape).contiguous(memory_format=layout)
    labels = torch.arange(shape[0]) % classes
    autocast = torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "mixed")

    def train():
        optimizer.zero_grad(set_to_none=True)
        with autocast:
            loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    def forward():
        with torch.inference_mode(), autocast:
            return model(images).float().sum().item()

    step = train if work == "train" else forward
    for _ in range(3):
        step()
    print("ready", flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        for _ in range(int(line)):
            step()
        print(time.perf_counter() - begin, flush=True)


main()
