"""Every package that the program, its extras and its development need: version, licence, and what for.

``python -m supply.dependencies`` writes the page ``docs/dependencies.md`` of what is installed and pinned; with ``--check`` it
writes nothing, and exit code 1 says that the page, a pin or a licence is not as it should be.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "dependencies.md"
PINS = ROOT / "constraints.txt"
#: Extras that only those install who change the program.
DEVELOPMENT = ("dev", "docs", "benchmarks")
#: What each package is for that the program itself asks for.
REASONS: Mapping[str, str] = tomllib.loads((ROOT / "supply" / "reasons.toml").read_text(encoding="utf-8"))
#: Licences that ask for nothing but their own text and names; what packages write of them, by the words they use.
PERMISSIVE = re.compile(
    r"MIT|BSD|0BSD|Apache|Zlib|CC0|ISC|PSF|Python Software Foundation|BSL-1\.0|CNRI|Public Domain", re.IGNORECASE
)
#: Licences that also ask for changes to the package itself to be given on, which are none here.
WEAK = re.compile(r"MPL|Mozilla|LGPL", re.IGNORECASE)
#: Packages that name several licences of which one may be chosen, or parts of which stand under another,
#: or write theirs into a file alone.
CHOSEN: Mapping[str, str] = {
    "docutils": "Public Domain, BSD License",
    "pypdfium2": "BSD-3-Clause, Apache-2.0",
    "resvg-py": "MIT",
}

HEAD = """# Dependencies

The packages by others that Readouts uses, as `constraints.txt` pins them; `python -m supply.dependencies` writes this page from
what is installed, and `make check` compares the two. All licences are permissive, except a few (MPL, LGPL) that require
changes to the package itself to be passed on; the packages are used unchanged. `make audit` asks the public database of
open-source vulnerabilities (OSV) whether one is known in any of these versions.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package that is needed.

    Attributes:
        name: In its plain form.
        version: As installed; empty if it is not.
        licence: As its makers write it.
        askers: Who needs it; empty for what the program itself asks for.
        reason: What the program needs it for.
    """

    name: str
    version: str
    licence: str
    askers: tuple[str, ...]
    reason: str


def project() -> dict[str, list[str]]:
    """What the program asks for: under the empty name to run, and by extra."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": found["dependencies"], **found["optional-dependencies"]}


def pins() -> dict[str, str]:
    """The version of each package in ``constraints.txt``."""
    lines = [line.strip() for line in PINS.read_text(encoding="utf-8").splitlines()]
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def needed(requirements: Iterable[str]) -> dict[str, Package]:
    """All that these requirements bring along on this machine, by name."""
    askers: dict[str, set[str]] = {}
    seen: set[tuple[str, str, frozenset[str]]] = set()
    waiting = [(Requirement(one), "", frozenset({""})) for one in requirements]
    direct = {canonicalize_name(requirement.name) for requirement, _, _ in waiting}
    while waiting:
        requirement, asker, extras = waiting.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        askers.setdefault(name, set()).update({asker} - {""})
        wanted = frozenset({"", *requirement.extras})
        if (name, "", wanted) in seen:
            continue
        seen.add((name, "", wanted))
        installed = _installed(name)
        waiting += [(Requirement(one), name, wanted) for one in (installed.requires if installed else None) or ()]
    return {name: _package(name, () if name in direct else tuple(sorted(askers[name]))) for name in sorted(askers)}


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _package(name: str, askers: tuple[str, ...]) -> Package:
    found = _installed(name)
    version = Version(found.version).public if found else ""
    licence = _licence(name, found) if found else ""
    return Package(name=name, version=version, licence=licence, askers=askers, reason=REASONS.get(name, ""))


def _licence(name: str, found: Distribution) -> str:
    if name in CHOSEN:
        return CHOSEN[name]
    written = [found.metadata.get_all(key) or [""] for key in ("License-Expression", "License")]
    classified = [value for value in found.metadata.get_all("Classifier") or () if "License ::" in value]
    named = ", ".join(value.split("::")[-1].strip() for value in classified)
    return str(written[0][0] or named or written[1][0].split("\n")[0].strip())


def faults(packages: Mapping[str, Package]) -> Iterator[str]:
    """What is not as it should be with pins, licences and reasons."""
    pinned = pins()
    for package in packages.values():
        if package.version != pinned.get(package.name):
            yield f"{package.name} {package.version or '(not installed)'} is pinned as {pinned.get(package.name, 'nothing')}."
        if not PERMISSIVE.search(package.licence) and not WEAK.search(package.licence):
            yield f"{package.name} has the licence “{package.licence}”, which nobody has looked at."
        if re.search(r"(?<!L)GPL", package.licence):
            yield f"{package.name} has the licence “{package.licence}”, under which Readouts cannot be given on."
        if not package.askers and not package.reason:
            yield f"Nobody has written in supply/reasons.toml what {package.name} is for."
    yield from (f"{name} is pinned, and nothing needs it." for name in sorted(set(pinned) - set(packages)))
    yield from (f"{name} has a reason, and nothing asks for it." for name in sorted(set(REASONS) - set(packages)))


def page() -> str:
    """The page of all packages: those needed to run, those of each extra, those of development."""
    asked = project()
    extras = [name for name in asked if name and name not in DEVELOPMENT]
    parts = [("To run", needed(asked[""]))]
    parts += [(f"For the extra `{name}`", needed(asked[name])) for name in extras]
    parts += [("For development", needed([one for name in DEVELOPMENT for one in asked[name]]))]
    told: set[str] = set()
    text = HEAD
    for title, packages in parts:
        rows = [_row(package) for package in packages.values() if package.name not in told]
        told |= set(packages)
        text += f"## {title}\n\n| package | version | licence | for |\n|---|---|---|---|\n" + "".join(rows) + "\n"
    return text.rstrip() + "\n"


def _comparable() -> bool:
    """Whether packages ask for the same here as where the page is made: some ask for more on other systems."""
    return sys.platform == "linux" and sys.version_info[:2] == (3, 11)


def _row(package: Package) -> str:
    why = package.reason if not package.askers else f"needed by {', '.join(package.askers)}"
    return f"| {package.name} | {package.version} | {package.licence} | {why} |\n"


def main() -> int:
    """Write the page, or check it with all else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    every = needed([one for requirements in project().values() for one in requirements])
    wrong = list(faults(every))
    if not check:
        PAGE.write_text(page(), encoding="utf-8")
    elif not wrong and _comparable() and PAGE.read_text(encoding="utf-8") != page():
        wrong.append("docs/dependencies.md is not what is installed; run: python -m supply.dependencies")
    for one in wrong:
        print(one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
