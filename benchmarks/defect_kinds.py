"""Defects, each a function that spoils a table of texts and says where."""


class Table:
    """Header and rows (copies), with what a defect needs to choose where it strikes."""

    def __init__(self, header, rows, target, positive, identifier, chance):
        self.header, self.rows = list(header), [list(row) for row in rows]
        self.target, self.positive, self.chance = self.header.index(target), positive, chance
        self.features = [i for i in range(len(header)) if i not in (self.target, identifier)]

    def values(self, column):
        return [row[column] for row in self.rows]

    def set(self, column, change, share=1.0):
        """change(value) for each row, or for a random share of them."""
        for row in self.rows:
            if share == 1.0 or self.chance.random() < share:
                row[column] = change(row[column])
        return self.header[column]

    def some(self, accept):
        return self.chance.choice([column for column in self.features if accept(self.values(column))])

    def number(self):
        """A column of more than ten numbers."""
        return self.some(lambda values: len(set(values)) > 10 and all(is_number(value) for value in values if value.strip("? ")))

    def category(self):
        return self.some(lambda values: 2 <= len(set(values)) <= 20 and not is_number(values[0]))

    def any(self):
        return self.chance.choice(self.features)

    def insert(self, name, values):
        for row, value in zip(self.rows, values):
            row.insert(0, value)
        self.header.insert(0, name)
        return name

    def is_positive(self):
        return [value in self.positive for value in self.values(self.target)]


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def on_numbers(change):
    """Missing values stay as they are."""
    return lambda value: f"{change(float(value)):.10g}" if is_number(value) else value


def renamed(t):
    column = t.any()
    old, t.header[column] = t.header[column], t.header[column] + "_v2"
    return old


def removed(t):
    column = t.any()
    old = t.header.pop(column)
    for row in t.rows:
        row.pop(column)
    return old


def swapped_with(t, first, second):
    for row in t.rows:
        row[first], row[second] = row[second], row[first]
    return f"{t.header[first]} and {t.header[second]}"


def swapped_numbers(t):
    first = t.number()
    return swapped_with(t, first, t.some(lambda v: len(set(v)) > 10 and v != t.values(first) and is_number(v[0])))


def swapped_categories(t):
    first = t.category()
    return swapped_with(t, first, t.some(lambda v: 2 <= len(set(v)) <= 20 and v != t.values(first) and not is_number(v[0])))


def scaled(t):
    return t.set(t.number(), on_numbers(lambda x: x * 100))


def scaled_a_little(t):
    return t.set(t.number(), on_numbers(lambda x: x * 1.1))


def scaled_in_some_rows(t):
    return t.set(t.number(), on_numbers(lambda x: x * 1000), share=0.05)


def blanked(t):
    return t.set(t.any(), lambda value: "")


def blanked_in_some_rows(t):
    return t.set(t.any(), lambda value: "", share=0.08)


def placeholder(t):
    return t.set(t.number(), lambda value: "-999", share=0.05)


def unknown(t):
    return t.set(t.category(), lambda value: "unknown", share=0.05)


def shifted(t):
    column = t.number()
    numbers = sorted(float(value) for value in t.values(column) if is_number(value))
    spread = numbers[int(0.84 * len(numbers))] - numbers[len(numbers) // 2] or numbers[-1]
    return t.set(column, on_numbers(lambda x: x + spread))


def negated(t):
    return t.set(t.number(), on_numbers(lambda x: -x))


def constant(t):
    column = t.any()
    values = t.values(column)
    most = max(sorted(set(values)), key=values.count)
    return t.set(column, lambda value: most)


def retyped_with_a_unit(t):
    return t.set(t.number(), lambda value: value + " units")


def one_word_among_numbers(t):
    column = t.number()
    t.chance.choice(t.rows)[column] = "n/a"
    return t.header[column]


def recoded(t):
    column = t.category()
    codes = {value: str(code) for code, value in enumerate(sorted(set(t.values(column))))}
    return t.set(column, codes.get)


def upper_case(t):
    return t.set(t.category(), str.upper)


def shuffled(t):
    column = t.number()
    values = t.values(column)
    t.chance.shuffle(values)
    for row, value in zip(t.rows, values):
        row[column] = value
    return t.header[column]


def leaked(t):
    return t.insert("result", t.values(t.target))


def leaked_as_a_score(t):
    return t.insert("score", [f"{positive + 0.9 * t.chance.random():.4f}" for positive in t.is_positive()])


def target_inverted(t):
    no, yes = t.chance.choice([row[t.target] for row, p in zip(t.rows, t.is_positive()) if not p]), t.positive[0]
    return t.set(t.target, lambda value: no if value in t.positive else yes)


def rows_repeated(t):
    t.rows += [list(row) for row in t.rows[: len(t.rows) // 20]]
    return "5 % of the rows"


def rows_cut_off(t):
    t.rows = t.rows[: len(t.rows) // 5]
    return "80 % of the rows"


def a_group_is_missing(t):
    column = t.category()
    values = t.values(column)
    most = max(sorted(set(values)), key=values.count)
    t.rows = [row for row in t.rows if row[column] != most]
    return f"{t.header[column]} {most}"


KINDS = {kind.__name__.replace("_", " "): kind for kind in (
    renamed, removed, swapped_numbers, swapped_categories, scaled, scaled_a_little, scaled_in_some_rows, blanked,
    blanked_in_some_rows, placeholder, unknown, shifted, negated, constant, retyped_with_a_unit, one_word_among_numbers,
    recoded, upper_case, shuffled, leaked, leaked_as_a_score, target_inverted, rows_repeated, rows_cut_off,
    a_group_is_missing)}
