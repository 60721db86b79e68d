"""drift_wide_data.py PATH ROWS COLUMNS MOVED SEED: numbers between 0 and 10 with six decimals, c0, c1, …, and y (0 or 1); the first
MOVED columns are squeezed towards 0. As fast as the disk: digits are made for a block of rows once, later blocks shuffle the rows of
each column and draw the last four digits anew."""
import sys

import numpy as np

BLOCK, WIDTH = 2000, 9  # "3.141593,"


def block_of_text(random, columns, moved):
    values = random.uniform(0, 10, (BLOCK, columns))
    values[:, :moved] *= 0.7
    text = np.char.mod("%.6f", np.minimum(values, 9.999999)).astype(f"S{WIDTH - 1}")
    cells = np.full((BLOCK, columns, WIDTH), ord(","), dtype=np.uint8)
    cells[:, :, :WIDTH - 1] = text.view(np.uint8).reshape(BLOCK, columns, WIDTH - 1)
    return cells


def next_block(random, cells):
    """The same cells in other rows, each column by itself turned by another number of rows, with other last digits."""
    columns = cells.shape[1]
    rows = (np.arange(BLOCK)[:, None] + random.integers(0, BLOCK, columns)[None, :]) % BLOCK
    cells = cells[rows, np.arange(columns)[None, :]]
    cells[:, :, 4:WIDTH - 1] = random.integers(ord("0"), ord("9") + 1, (BLOCK, columns, 4), dtype=np.uint8)
    return cells


def main():
    path, rows, columns, moved, seed = sys.argv[1], *map(int, sys.argv[2:])
    random = np.random.default_rng(seed)
    cells = block_of_text(random, columns, moved)
    with open(path, "wb") as out:
        out.write((",".join([*(f"c{i}" for i in range(columns)), "y"]) + "\n").encode())
        for begin in range(0, rows, BLOCK):
            count = min(BLOCK, rows - begin)
            labels = random.integers(ord("0"), ord("2"), (count, 1), dtype=np.uint8)
            lines = np.concatenate([cells[:count].reshape(count, -1), labels, np.full((count, 1), 10, np.uint8)], axis=1)
            out.write(lines.tobytes())
            cells = next_block(random, cells)


if __name__ == "__main__":
    main()
