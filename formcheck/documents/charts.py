"""A chart of single results against their limits, as SVG: one dot a unit, lines for the limits, readable without colour."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple
from xml.sax.saxutils import escape

from formcheck.documents.paper import Chart
from formcheck.units import format_number

__all__ = ["Results", "chart_of"]

WIDTH, HEIGHT = 520, 300
LEFT, RIGHT, TOP, BOTTOM = 36, 132, 14, 34


class Results(NamedTuple):
    """Single results in percent of `of`, the lines to draw (a name and a percentage each), and how many lie outside."""

    name: str
    of: str
    values: Sequence[Fraction]
    lines: Sequence[tuple[str, Fraction]]
    low: Fraction
    high: Fraction

    @property
    def outside(self) -> list[int]:
        """The places of the results outside the limits, counted from 1."""
        return [place for place, value in enumerate(self.values, start=1) if not self.low <= value <= self.high]


def chart_of(results: Results, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Chart:
    """The chart, with its words for whoever cannot see it and its figures as a table; a result outside is a cross."""
    ends = [*results.values, *(value for _, value in results.lines)]
    least, most = min(ends) - 2, max(ends) + 2
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="B612, sans-serif" font-size="11"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]

    def height(value: Fraction) -> str:
        return format_number(TOP + (most - value) / (most - least) * (HEIGHT - TOP - BOTTOM), 2)

    for name, value in results.lines:
        y = height(value)
        dashed = ' stroke-dasharray="5 4"' if name == "mean" else ""
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="#000000" stroke-width="1"{dashed}/>'
        )
        words = f"{name} {format_number(value, 1)} %"
        parts.append(f'<text x="{WIDTH - RIGHT + 6}" y="{y}" dy="4">{escape(words)}</text>')
    step = Fraction(WIDTH - LEFT - RIGHT, len(results.values) + 1)
    for place, value in enumerate(results.values, start=1):
        parts.extend(_mark(format_number(LEFT + step * place, 2), height(value), place in results.outside))
        if len(results.values) <= 10 or place % 5 == 0 or place == 1:
            x = format_number(LEFT + step * place, 2)
            parts.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{place}</text>')
    middle = format_number(Fraction(HEIGHT - BOTTOM + TOP, 2), 1)
    turned = f'transform="rotate(-90 14 {middle})"'
    parts.append(f'<text x="14" y="{middle}" text-anchor="middle" {turned}>{escape(f"% of {results.of}")}</text>')
    parts.append(f'<text x="{(WIDTH - RIGHT + LEFT) // 2}" y="{HEIGHT - 4}" text-anchor="middle">unit</text></svg>')
    return Chart("".join(parts), _alt(results), head, rows)


def _mark(x: str, y: str, is_outside: bool) -> list[str]:
    if not is_outside:
        return [f'<circle cx="{x}" cy="{y}" r="4" fill="none" stroke="#000000" stroke-width="1.5"/>']
    arm = 'stroke="#000000" stroke-width="3"'
    at = f'transform="translate({x} {y})"'
    return [f'<path d="M-5 -5L5 5M-5 5L5 -5" {arm} {at}/>']


def _alt(results: Results) -> str:
    """What the chart shows, in words."""
    ends = [format_number(end, 1) for end in (min(results.values), max(results.values), results.low, results.high)]
    outside = results.outside
    said = f"outside: unit {', '.join(map(str, outside))}" if outside else "none outside"
    return (
        f"Chart of {len(results.values)} results, {results.name}: {ends[0]} to {ends[1]} % of {results.of}, "
        f"limits {ends[2]} to {ends[3]} %, {said}."
    )
