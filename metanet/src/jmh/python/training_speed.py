"""The PyTorch side of the training-speed comparison (see TrainingSpeed.java).

Speaks on standard input and output: prints "ready" after warm-up, then for each line holding a number of steps runs that
many training steps and prints the seconds they took.

Usage: training_speed.py NETWORK PRECISION THREADS
  NETWORK    hybrid (batch 16, 3x64x64) or resnet50 (batch 8, 3x224x224)
  PRECISION  float32 or mixed (bfloat16 autocast)
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
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

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


def network(name):
    if name == "hybrid":
        return Hybrid(), (16, 3, 64, 64), 100
    if name == "resnet50":
        import torchvision

        return torchvision.models.resnet50(), (8, 3, 224, 224), 1000
    sys.exit("unknown network " + name)


def main():
    name, precision, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model, shape, classes = network(name)
    model = model.to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05, foreach=True)
    images = torch.randn(shape).to(memory_format=torch.channels_last)
    labels = torch.arange(shape[0]) % classes

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "mixed"):
            loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss

    for _ in range(3):
        step()
    print("parameters", sum(p.numel() for p in model.parameters()), file=sys.stderr)
    print("ready", flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        for _ in range(int(line)):
            loss = step()
        loss.item()
        print(time.perf_counter() - begin, flush=True)


main()
