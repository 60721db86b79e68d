#!/usr/bin/env python3
"""Samples a second of PyTorch (eager) for a multilayer perceptron with AdamW, on rows that lie in the device's memory.

    training_peer.py DEVICE PRECISION INPUTS HIDDEN BATCH     training_peer.py cuda tf32 60 512,256,128 4096

No data loader and no copies: what a step alone can reach. Prints one number, or why there is none (exit code 6).
"""
import sys
import time

SECONDS = 3


def network(inputs, hidden):
    layers = []
    for width in hidden:
        layers += [torch.nn.Linear(inputs, width), torch.nn.ReLU()]
        inputs = width
    return torch.nn.Sequential(*layers, torch.nn.Linear(inputs, 1))


def samples_per_second(device, precision, inputs, hidden, batch):
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = precision != "fp32"
    model = network(inputs, hidden).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    loss_of = torch.nn.BCEWithLogitsLoss()
    rows = torch.randn(8 * batch, inputs, device=device)
    targets = (rows.sum(dim=1, keepdim=True) > 0).float()

    def step(i):
        part = slice(i % 8 * batch, (i % 8 + 1) * batch)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=precision == "bf16"):
            loss = loss_of(model(rows[part]), targets[part])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss

    for i in range(20):
        step(i).item()
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        for i in range(20):
            loss = step(i)
        loss.item()  # waits for the device
        steps += 20
    return steps * batch / (time.perf_counter() - start)


def main():
    device, precision, inputs, hidden, batch = sys.argv[1:]
    if device == "cuda" and not torch.cuda.is_available():
        print("PyTorch sees no GPU", file=sys.stderr)
        return 6
    widths = [int(width) for width in hidden.split(",")]
    print(round(samples_per_second(device, precision, int(inputs), widths, int(batch))))
    return 0


if __name__ == "__main__":
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed", file=sys.stderr)
        sys.exit(6)
    sys.exit(main())
