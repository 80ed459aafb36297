"""What a planner sees when a run ends: findings, then numbers, then files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.present.clean import pad, shorten, tidy, width, wrap
from labsim.present.findings import find
from labsim.present.format import Format
from labsim.present.table import TABLE, Row, notes, short_table
from labsim.present.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsim.present.results import Results
    from labsim.words import Words

COLUMNS = 100
MARGIN = 2
MOST_FINDINGS = 7
LONGEST_NAME = 26
LEAST_NAME, LEAST_CELL, COMFORTABLE_CELL = 12, 13, 17
_CELLS = len(TABLE) + 1
LEAST_FIRST = 8
"""Room for the heading of the first column."""
ASSUMPTIONS_COMMAND = "labsim explain FILE --assumptions"

Line = list[str]


def render_screen(
    results: Results,
    words: Words,
    report_path: str = "",
    *,
    assumptions_command: str = ASSUMPTIONS_COMMAND,
    encoding: str = "utf-8",
    columns: int = COLUMNS,
) -> str:
    """Return the text of the screen.

    Parameters
    ----------
    results
        The frames of the comparison.
    words
        The catalogue.
    report_path
        Where the report lies; left out when empty.
    assumptions_command
        The command that lists assumptions, named beside their number.
    encoding
        The terminal's; what it cannot show becomes ``?``.
    columns
        Width of the text; the table needs about 80.
    """
    view = View(results, words, columns=columns)
    blocks = [_title(view), _findings(view), _table(view)]
    blocks.append(_files(view, report_path, assumptions_command))
    text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
    text = text.replace("\u00a0", " ")
    return text.encode(encoding, "replace").decode(encoding)


def _title(view: View) -> list[str]:
    words, people = view.words, view.manifest.get("people")
    key = "screen.people" if people else "screen.people_unknown"
    parts = {
        "designs": words.count("screen.designs", len(view.designs)),
        "replications": words.count("screen.replications", view.completed),
        "people": words(key, n=words.number(people or 0)),
        "seconds": words.number(float(view.manifest.get("wall_seconds") or 0)),
    }
    about = words("screen.about", **parts)
    lines = [words("screen.title", title=view.title, about=about)]
    if width(lines[0]) > view.columns:
        lines = [shorten(view.title, view.columns), *wrap(about, view.columns)]
    if view.interrupted:
        lines += wrap(interrupted(view), view.columns)
    return lines


def interrupted(view: View) -> str:
    """Return the warning that a run was stopped before its end."""
    return view.words(
        "screen.interrupted",
        completed=view.words.number(view.completed),
        planned=view.words.number(float(view.manifest.get("replications", view.completed))),
    )


def nothing(view: View) -> str:
    """Return why there is no finding."""
    return view.words("screen.no_findings" if view.completed else "screen.no_replications")


def _findings(view: View) -> list[str]:
    lines = []
    for finding in find(view)[:MOST_FINDINGS]:
        first, *rest = wrap(finding.text, view.columns - MARGIN - 2)
        lines += [f"{' ' * MARGIN}{first}", *(f"{' ' * (MARGIN + 2)}{line}" for line in rest)]
    return lines or wrap(nothing(view), view.columns)


def _table(view: View) -> list[str]:
    if not view.completed:
        return []
    rows, remarks = _rows(view)
    names = [view.words("screen.columns.design"), *(_header(view, name) for name in TABLE)]
    columns = _columns(view, rows)
    if width(rows[0][0]) > columns[0]:
        rows[0][0] = view.reference.label  # better without "(reference)" than cut
    lines = _head(names, columns) + [_line(row, columns) for row in rows]
    return lines + [line for note in remarks for line in _indented(view, note)]


def _columns(view: View, rows: Sequence[Line]) -> list[int]:
    """Give every column its width: numbers whole, names cut if they must be."""
    cells = [max(width(row[i]) for row in rows if len(row) > 1) + 2 for i in range(1, _CELLS)]
    room = view.columns - MARGIN - LEAST_NAME
    least = min(LEAST_CELL, room // len(TABLE))
    if sum(cells) > room:
        cells = [min(cell, room // len(TABLE)) for cell in cells]
    cells = [max(cell, least) for cell in cells]
    longest = max([LEAST_FIRST, *(width(row[0]) for row in rows if len(row) > 1)])
    first = min(longest, view.columns - MARGIN - sum(cells))
    spare = (view.columns - MARGIN - first - sum(cells)) // len(cells)
    return [first, *(cell + max(0, min(spare, COMFORTABLE_CELL - cell)) for cell in cells)]


def _header(view: View, indicator: str) -> str:
    return view.words(f"screen.columns.{indicator}")


def _head(names: Sequence[str], columns: Sequence[int]) -> list[str]:
    """Give the header's lines, every name broken to its column, bottom lines level."""
    broken = [wrap(name, columns[i] - (2 if i else 0)) for i, name in enumerate(names)]
    height = max(map(len, broken))
    level = [[""] * (height - len(lines)) + lines for lines in broken]
    return [_line([lines[i] for lines in level], columns) for i in range(height)]


def _line(row: Line, columns: Sequence[int]) -> str:
    if len(row) == 1:
        return " " * MARGIN + row[0]
    cells = [pad(shorten(cell, columns[i]), columns[i], i > 0) for i, cell in enumerate(row)]
    return (" " * MARGIN + "".join(cells)).rstrip()


def _rows(view: View) -> tuple[list[Line], list[str]]:
    """Give the reference's levels, then every other design's differences, and the notes."""
    form = Format(view.words)
    rows = short_table(view, form)
    lines = _pair(_reference_name(view), rows[0])
    if view.others:
        lines.append([view.words("screen.differences", reference=view.reference.label)])
    for row in rows[1:]:
        lines += _pair(row.design.label, row)
    return lines, notes(view, rows, form.missing)


def _reference_name(view: View) -> str:
    name = view.words("screen.reference", design=view.reference.label)
    return name if view.others and width(name) <= LONGEST_NAME else view.reference.label


def _pair(name: str, row: Row) -> list[Line]:
    """Give the line of numbers, and below it the line of intervals if there are any."""
    lines = [[name, *(f"{cell.value}{'*' if cell.clear else ' '}" for cell in row.cells)]]
    if any(cell.interval for cell in row.cells):
        lines.append(["", *(f"{cell.interval} " for cell in row.cells)])
    return lines


def _files(view: View, report_path: str, command: str) -> list[str]:
    lines = []
    if view.assumed:
        lines += _indented(
            view, view.words.count("screen.assumptions", view.assumed, command=command)
        )
    if report_path:
        # A path is for copying: it stands alone, whole, however long.
        lines += [
            " " * MARGIN + tidy(report_path),
            *_indented(view, view.words("screen.files_open")),
        ]
    return lines


def _indented(view: View, text: str) -> list[str]:
    return [" " * MARGIN + line for line in wrap(text, view.columns - MARGIN)]
