"""Figures as lines: a name, then a number (or why there is none) or the numbers of a group."""


def shown(value):
    return value if isinstance(value, str) else f"{value:.4g}"


def table(figures):
    lines = []
    for name, one in figures.items():
        if isinstance(one, dict):
            one = ", ".join(f"{key} {shown(value)}" for key, value in one.items())
        else:
            one = shown(one)
        lines.append(f"{name:<18} {one}")
    return "\n".join(lines)
