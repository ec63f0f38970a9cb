"""Known holes in the pinned versions, asked of the public database of open-source vulnerabilities (OSV) in one request.

``python -m supply.audit``: exit code 1 if any version has one. Where the database cannot be asked, that is said, and is no
failure but with ``--strict``, for whoever publishes. Nothing is sent but names and versions of ``constraints.txt``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.request
from collections.abc import Mapping, Sequence

from supply.dependencies import pins

#: Asked for many packages at once; another address may be named for a mirror.
ADDRESS = os.environ.get("OSV_ADDRESS", "https://api.osv.dev") + "/v1/querybatch"
#: Seconds to wait for it.
PATIENCE = 20.0


class NotAskedError(Exception):
    """The database cannot be asked, or does not answer in its form."""


def ask(versions: Mapping[str, str], address: str = ADDRESS) -> dict[str, list[str]]:
    """The ids of the holes that are known in these versions, by package; packages without any are left out.

    Raises:
        NotAskedError: As its name says.
    """
    names = sorted(versions)
    asked = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": versions[name]} for name in names]
    request = urllib.request.Request(
        address, json.dumps({"queries": asked}).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            results = json.load(answer)["results"]
        if len(results) != len(names):
            raise ValueError(f"{len(results)} answers to {len(names)} questions")
        found = {name: [hole["id"] for hole in one.get("vulns", ())] for name, one in zip(names, results, strict=True)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAskedError(str(error)) from error
    return {name: holes for name, holes in found.items() if holes}


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="Not to be able to ask is a failure, too.")
    strict = parser.parse_args(arguments).strict
    versions = pins()
    try:
        found = ask(versions, ADDRESS)
    except NotAskedError as error:
        print(f"Known holes: the database could not be asked ({error}); nothing is known of {len(versions)} packages.")
        return 1 if strict else 0
    for name, holes in found.items():
        print(f"{name} {versions[name]}: {', '.join(holes)}; https://osv.dev/vulnerability/{holes[0]}")
    print(f"Known holes: {len(found)} of {len(versions)} packages have any.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
