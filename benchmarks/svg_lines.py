"""Lines over a numbered axis, as SVG that needs nothing else."""
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 340, 64, 170, 40, 48


class Picture:
    def __init__(self, title, x_name, y_name):
        self.title, self.x_name, self.y_name = title, x_name, y_name
        self.lines, self.marks, self.notes = [], [], []

    def add_line(self, name, points, colour, dashed=False):
        self.lines.append((name, points, colour, dashed))

    def add_marks(self, name, points, colour):
        self.marks.append((name, points, colour))

    def add_note(self, x, text):
        self.notes.append((x, text))

    def svg(self):
        points = [point for _, points, *_ in self.lines for point in points]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        step = 0.02 if max(ys) - min(ys) < 0.2 else 0.05
        low, high = int(min(ys) / step) * step, (int(max(ys) / step) + 1) * step
        def at(x, y):
            return (LEFT + (x - min(xs)) / (max(xs) - min(xs)) * (WIDTH - LEFT - RIGHT),
                    HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM))
        return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg" '
                          f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
                          f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
                          f'<text x="{LEFT}" y="22" font-size="15">{self.title}</text>',
                          *self._axes(at, xs, low, high, step), *self._notes(at, low, high), *self._lines(at),
                          *self._legend(), "</svg>", ""])

    def _axes(self, at, xs, low, high, step):
        for i in range(round((high - low) / step) + 1):
            x, y = at(min(xs), low + i * step)
            yield f'<path d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
            yield f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{low + i * step:.2f}</text>'
        for x_value in sorted(set(xs)):
            x, y = at(x_value, low)
            yield f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{x_value}</text>'
        yield f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{self.x_name}</text>'
        yield (f'<text transform="translate(16 {HEIGHT / 2:.1f}) rotate(-90)" text-anchor="middle">{self.y_name}</text>')

    def _notes(self, at, low, high):
        for x_value, text in self.notes:
            x, bottom = at(x_value, low)
            yield f'<path d="M{x:.1f} {bottom:.1f}V{at(x_value, high)[1]:.1f}" stroke="#c9a227" stroke-dasharray="2 3"/>'
            yield f'<text x="{x - 6:.1f}" y="{bottom - 8:.1f}" text-anchor="end" fill="#8a6d00">{text}</text>'

    def _lines(self, at):
        for _, points, colour, dashed in self.lines:
            path = " ".join("{:.1f},{:.1f}".format(*at(*point)) for point in points)
            dash = ' stroke-dasharray="6 4"' if dashed else ""
            yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        for _, points, colour in self.marks:
            for point in points:
                yield '<circle cx="{:.1f}" cy="{:.1f}" r="5" fill="{}"/>'.format(*at(*point), colour)

    def _legend(self):
        x, y = WIDTH - RIGHT + 14, TOP + 14
        for name, _, colour, dashed in self.lines:
            dash = ' stroke-dasharray="6 4"' if dashed else ""
            yield f'<path d="M{x} {y - 4}h22" stroke="{colour}" stroke-width="2"{dash}/><text x="{x + 28}" y="{y}">{name}</text>'
            y += 20
        for name, _, colour in self.marks:
            yield f'<circle cx="{x + 11}" cy="{y - 4}" r="5" fill="{colour}"/><text x="{x + 28}" y="{y}">{name}</text>'
            y += 20
