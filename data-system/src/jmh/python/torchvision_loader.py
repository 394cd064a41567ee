#!/usr/bin/python3
"""JPEG photos to float batches of 224 pixels with torchvision, on one thread, in images per second.

The same pipeline as LoaderBenchmark.loader: RandomResizedCrop(224), horizontal flip, normalization, batches of 32. The
encoded photos are held in memory, as they are there. Needs Debian's python3-torchvision and python3-pil.

    /usr/bin/python3 data-system/src/jmh/python/torchvision_loader.py FOLDER [SECONDS]
"""

import io
import pathlib
import sys
import time

import torch
from PIL import Image
from torchvision import transforms

BATCH_SIZE = 32


def main(folder, seconds):
    photos = [p.read_bytes() for p in sorted(pathlib.Path(folder).rglob("*.jpg"))]
    if not photos:
        sys.exit(f"no *.jpg below {folder}")
    torch.set_num_threads(1)
    torch.manual_seed(1)
    pipeline = transforms.Compose([
        transforms.RandomResizedCrop(224),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ])
    nxt = 0

    def batch():
        nonlocal nxt
        rows = []
        for _ in range(BATCH_SIZE):
            with Image.open(io.BytesIO(photos[nxt % len(photos)])) as image:
                rows.append(pipeline(image.convert("RGB")))
            nxt += 1
        return torch.stack(rows)

    for _ in range(3):
        batch()
    for _ in range(5):
        begin, images = time.perf_counter(), 0
        while time.perf_counter() - begin < seconds:
            images += batch().shape[0]
        print(f"{images / (time.perf_counter() - begin):.1f} images/s")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) == 3 else 3.0)
