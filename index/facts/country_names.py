"""Writes ``country_names.toml``: the names of states and territories in ISO 3166 and CLDR.

Loading pycountry and babel takes longer than everything else in understanding a question, so their names are kept in a
table.
Made with ``python -m index.facts.country_names > index/facts/country_names.toml``.
"""

from __future__ import annotations

import re
import sys


def table() -> dict[str, tuple[str, ...]]:
    """Names of every territory by ISO 3166 code, CLDR's English short name first, the order of codes alphabetical."""
    import pycountry
    from babel import Locale

    territories = Locale("en").territories
    rows = {}
    for country in sorted(pycountry.countries, key=lambda row: row.alpha_2):
        names = [territories[country.alpha_2].replace(" & ", " and "), country.name]
        names += [getattr(country, field) for field in ("common_name", "official_name") if hasattr(country, field)]
        rows[country.alpha_2] = tuple(dict.fromkeys(_straight(name) for name in names))
    return rows


def _straight(name: str) -> str:
    """``Korea, Republic of`` in natural order, ``Republic of Korea``; words in brackets are removed."""
    name = re.sub(r"\s*\([^)]*\)", "", name)
    head, comma, tail = name.partition(", ")
    if comma and tail.split()[-1] in {"of", "the", "British", "U.S."}:
        name = f"{tail} {head}"
    return name.removeprefix("The ").removeprefix("the ")


def main() -> None:
    """Print the table as TOML."""
    lines = ["# Made with: python -m index.facts.country_names > index/facts/country_names.toml"]
    for code, names in table().items():
        quoted = ", ".join(f'"{name}"' for name in names)
        lines.append(f"{code} = [{quoted}]")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
