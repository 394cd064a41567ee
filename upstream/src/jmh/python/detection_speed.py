"""The torchvision side of the detection comparison (see DetectionSpeed.java).

Speaks on standard input and output: after warm-up it prints "ready" and the number of detections, then for each line holding a
number of steps runs that many and prints the seconds they took.

Usage: detection_speed.py FILE WORK THREADS
  FILE  safetensors: map.0 and so on of the pyramid, and the parameters under rpn. and roi_heads.
  WORK  train (losses and their gradients) or forward (detections)
"""

import json
import struct
import sys
import time
from functools import partial

import numpy as np
import torch
import torchvision
from torchvision.models.detection import roi_heads
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.rpn import RegionProposalNetwork, RPNHead
from torchvision.ops import MultiScaleRoIAlign, poolers

WIDTH, SIDE, IMAGES, CLASSES = 256, 384, 2, 81

# With the half-pixel shift, as the other side has it.
poolers.roi_align = partial(torchvision.ops.roi_align, aligned=True)


def read(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    arrays = {}
    for name, info in header.items():
        if name != "__metadata__":
            begin, end = info["data_offsets"]
            array = np.frombuffer(data[begin:end], dtype="<f4").reshape(info["shape"])
            arrays[name] = torch.from_numpy(array.copy())
    return arrays


def main():
    path, work, threads = sys.argv[1:4]
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    arrays = read(path)
    counts = {"training": 1000, "testing": 1000}
    anchors = AnchorGenerator(((32,), (64,), (128,), (256,), (512,)), ((0.5, 1.0, 2.0),) * 5)
    rpn = RegionProposalNetwork(anchors, RPNHead(WIDTH, 3), 0.7, 0.3, 256, 0.5, counts, counts, 0.7)
    names = ["0", "1", "2", "3"]
    pool = MultiScaleRoIAlign(names, output_size=7, sampling_ratio=2)
    heads = roi_heads.RoIHeads(
        pool, TwoMLPHead(WIDTH * 49, 1024), FastRCNNPredictor(1024, CLASSES), 0.5, 0.5, 512, 0.25, None, 0.02, 0.5, 100
    )
    for prefix, module in (("rpn.", rpn), ("roi_heads.", heads)):
        module.load_state_dict({k[len(prefix):]: v for k, v in arrays.items() if k.startswith(prefix)})
        module.train(work == "train")
    maps = {str(i): arrays[f"map.{i}"].requires_grad_(work == "train") for i in range(4)}
    maps["pool"] = arrays["map.4"].requires_grad_(work == "train")
    sizes = [(SIDE, SIDE)] * IMAGES
    images = ImageList(torch.zeros(IMAGES, 3, SIDE, SIDE), sizes)
    boxes = [[20.0 + 40 * i, 30.0 + 20 * i, 90.0 + 40 * i, 130.0 + 25 * i] for i in range(6)]
    targets = [{"boxes": torch.tensor(boxes), "labels": torch.arange(1, 7)} for _ in sizes]

    def train():
        proposals, first = rpn(images, maps, targets)
        _, second = heads(maps, proposals, sizes, targets)
        sum(list(first.values()) + list(second.values())).backward()
        return 0

    def forward():
        with torch.inference_mode():
            proposals, _ = rpn(images, maps)
            found, _ = heads(maps, proposals, sizes)
            return sum(len(f["scores"]) for f in found)

    step = train if work == "train" else forward
    for _ in range(3):
        found = step()
    print("ready", found, flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        for _ in range(int(line)):
            step()
        print(time.perf_counter() - begin, flush=True)


main()
