"""Makes logistic_regression.safetensors: multinomial logistic regression by scikit-learn, an independent solver.

Run:      /usr/bin/python3 logistic_regression.py          (Debian: apt-get install python3-sklearn)
Versions: scikit-learn 1.2.1, numpy 1.24.2, Python 3.11; 2026-11-24
Data:     handwritten digits of scikit-learn (8 x 8), 200 rows for training and 100 for the test, columns shifted and scaled
          unevenly so that the problem is badly conditioned.
Cases:    C = 0.01, 1, 100. Newton's method with conjugate gradients, to a gradient of 1e-7.
"""
import json
import struct

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

C = [0.01, 1.0, 100.0]


def log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def write(path, tensors):
    kinds = {"float32": "F32", "float64": "F64", "int64": "I64"}
    header, offset = {}, 0
    for name, x in sorted(tensors.items()):
        header[name] = {"dtype": kinds[x.dtype.name], "shape": list(x.shape), "data_offsets": [offset, offset + x.nbytes]}
        offset += x.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, x in sorted(tensors.items()):
            file.write(np.ascontiguousarray(x).tobytes())


digits = load_digits()
scale = np.linspace(0.02, 0.4, 64)
x = (digits.data * scale + np.linspace(-3, 3, 64)).astype(np.float32)
y = digits.target.astype(np.int64)
train_x, train_y, test_x, test_y = x[:200], y[:200], x[200:300], y[200:300]

objectives, losses, accuracies = [], [], []
for c in C:
    model = LogisticRegression(C=c, solver="newton-cg", multi_class="multinomial", tol=1e-7, max_iter=10000)
    model.fit(train_x.astype(np.float64), train_y)
    nll = -log_softmax(model.decision_function(train_x.astype(np.float64)))[np.arange(200), train_y].sum()
    objectives.append(c * nll + 0.5 * (model.coef_**2).sum())
    logp = log_softmax(model.decision_function(test_x.astype(np.float64)))
    losses.append(-logp[np.arange(100), test_y].mean())
    accuracies.append((logp.argmax(axis=1) == test_y).mean())

write(
    "logistic_regression.safetensors",
    {
        "train.features": train_x,
        "train.labels": train_y,
        "test.features": test_x,
        "test.labels": test_y,
        "c": np.array(C),
        "objective": np.array(objectives),
        "logLoss": np.array(losses),
        "accuracy": np.array(accuracies),
    },
)
