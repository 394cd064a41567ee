#!/usr/bin/python3
"""JPEG photos to float batches of 224 pixels with torchvision, in images per second of one core.

The same pipeline as the line "loader" of LoaderRatio: RandomResizedCrop(224), horizontal flip, normalization, batches of
32. The encoded photos are held in memory, as they are there, and processor time is counted, so that other processes do not
matter. Needs Debian's python3-torchvision and python3-pil.

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
    rates = []
    for _ in range(9):
        begin, images = time.process_time(), 0
        while time.process_time() - begin < seconds:
            images += batch().shape[0]
        rates.append(images / (time.process_time() - begin))
    rates.sort()
    print(f"torchvision {rates[4]:.1f} images/s per core [{rates[1]:.1f}, {rates[7]:.1f}]")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) == 3 else 2.0)
