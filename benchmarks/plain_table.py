"""Figures as lines: a name, then a number or the numbers of a group."""


def table(figures):
    lines = []
    for name, one in figures.items():
        if isinstance(one, dict):
            one = ", ".join(f"{key} {value:.4g}" for key, value in one.items())
        else:
            one = f"{one:.4g}"
        lines.append(f"{name:<18} {one}")
    return "\n".join(lines)
