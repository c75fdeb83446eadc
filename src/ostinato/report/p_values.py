"""How p-values are written wherever a person reads them; all their digits are in `results.json`.

None is written as a power of ten, which few readers of an essay can take in. A sign says that it is
less than what is written, or the least that its test can give.
"""

from ostinato.report.wording import MOST_DECIMALS, UNKNOWN, number

_READABLE_P = 0.001
_ALPHAS = (0.1, 0.05, 0.01)


def p_value(value: float, *, is_least: bool = False) -> str:
    """Write a p-value with its letter, for a sentence.

    `is_least`: whether the test can give no less.

    Examples
    --------
    >>> p_value(0.031), p_value(2e-4), p_value(2e-4, is_least=True), p_value(0.5, is_least=True)
    ('p = 0.031', 'p < 0.001', 'p < 0.001', 'p ≤ 0.5')
    """
    return with_letter(p_cell(value, is_least=is_least))


def with_letter(cell: str) -> str:
    """Put the letter before what a table says of a p-value.

    Examples
    --------
    >>> with_letter("0.031"), with_letter("< 0.001")
    ('p = 0.031', 'p < 0.001')
    """
    return f"p {cell}" if cell[0] in "<≤" else f"p = {cell}"


def p_cell(value: float, *, is_least: bool = False) -> str:
    """Write a p-value for a table, with ≤ before the least that a test can give.

    Examples
    --------
    >>> p_cell(0.031), p_cell(2e-4, is_least=True), p_cell(0.5, is_least=True)
    ('0.031', '< 0.001', '≤ 0.5')
    """
    return f"{'≤ ' if is_least and value >= _READABLE_P else ''}{probability(value)}"


def probability(value: float | None) -> str:
    """Write a p-value as an essay prints it; all its digits are in `results.json`.

    `value`: from 0 to 1.

    Examples
    --------
    >>> probability(0.031), probability(1.2e-12), probability(0.0504), probability(None)
    ('0.031', '< 0.001', '0.0504', '–')
    """
    if value is None:
        return UNKNOWN
    if value < _READABLE_P:
        return f"< {_READABLE_P}"
    digits = 2
    while digits < MOST_DECIMALS and any(
        (float(f"{value:.{digits}g}") <= alpha) != (value <= alpha) for alpha in _ALPHAS
    ):
        digits += 1
    return number(value, f".{digits}g")
