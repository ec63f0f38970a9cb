"""Who publishes at which address, for files that give a link and no issuer."""

from __future__ import annotations

from urllib.parse import urlsplit

_WHITE_HOUSE = "White House (United States)"

#: Host, or its end after a dot -> issuer. The longest match counts.
_HOSTS = {
    "whitehouse.gov": _WHITE_HOUSE,
    "bidenwhitehouse.archives.gov": _WHITE_HOUSE,
    "trumpwhitehouse.archives.gov": _WHITE_HOUSE,
    "obamawhitehouse.archives.gov": _WHITE_HOUSE,
    "georgewbush-whitehouse.archives.gov": _WHITE_HOUSE,
    "state.gov": "Department of State (United States)",
    "defense.gov": "Department of Defense (United States)",
    "treasury.gov": "Department of the Treasury (United States)",
    "kremlin.ru": "Kremlin (President of Russia)",
    "mid.ru": "Ministry of Foreign Affairs (Russia)",
    "president.gov.ua": "Office of the President of Ukraine",
    "mfa.gov.ua": "Ministry of Foreign Affairs (Ukraine)",
    "mfa.gov.az": "Ministry of Foreign Affairs (Azerbaijan)",
    "president.az": "President of Azerbaijan",
    "mfa.am": "Ministry of Foreign Affairs (Armenia)",
    "primeminister.am": "Prime Minister of Armenia",
    "mfa.gov.ge": "Ministry of Foreign Affairs (Georgia)",
    "gov.uk": "Government of the United Kingdom",
    "elysee.fr": "Élysée (President of France)",
    "diplomatie.gouv.fr": "Ministry for Europe and Foreign Affairs (France)",
    "bundeskanzler.de": "Federal Chancellor (Germany)",
    "bundesregierung.de": "Federal Government (Germany)",
    "auswaertiges-amt.de": "Federal Foreign Office (Germany)",
    "consilium.europa.eu": "Council of the European Union",
    "ec.europa.eu": "European Commission",
    "eeas.europa.eu": "European External Action Service",
    "nato.int": "NATO",
    "un.org": "United Nations",
    "mofa.go.jp": "Ministry of Foreign Affairs (Japan)",
    "japan.kantei.go.jp": "Prime Minister's Office (Japan)",
    "fmprc.gov.cn": "Ministry of Foreign Affairs (China)",
    "mfa.gov.cn": "Ministry of Foreign Affairs (China)",
    "mofa.go.kr": "Ministry of Foreign Affairs (Republic of Korea)",
    "mea.gov.in": "Ministry of External Affairs (India)",
    "pm.gc.ca": "Prime Minister of Canada",
    "pmtranscripts.pmc.gov.au": "Prime Minister of Australia",
    "pm.gov.au": "Prime Minister of Australia",
    "foreignminister.gov.au": "Minister for Foreign Affairs (Australia)",
    "mfa.gov.tr": "Ministry of Foreign Affairs (Türkiye)",
    "iletisim.gov.tr": "Directorate of Communications (Türkiye)",
    "gov.pl": "Government of Poland",
    "governo.it": "Government of Italy",
    "esteri.it": "Ministry of Foreign Affairs (Italy)",
    "regeringen.se": "Government of Sweden",
    "government.se": "Government of Sweden",
    "eda.admin.ch": "Federal Department of Foreign Affairs (Switzerland)",
    "pmd.gov.lk": "President's Media Division (Sri Lanka)",
    "gov.il": "Government of Israel",
    "planalto.gov.br": "Presidency of Brazil",
}

#: What sites call themselves, folded -> issuer.
_NAMES = {
    "the white house": _WHITE_HOUSE,
    "white house": _WHITE_HOUSE,
    "united states department of state": "Department of State (United States)",
    "u.s. department of state": "Department of State (United States)",
    "us department of state": "Department of State (United States)",
    "u.s. department of defense": "Department of Defense (United States)",
    "u.s. department of the treasury": "Department of the Treasury (United States)",
    "president of russia": "Kremlin (President of Russia)",
    "official website of the president of ukraine": "Office of the President of Ukraine",
    "prime minister of canada": "Prime Minister of Canada",
    "prime minister of australia": "Prime Minister of Australia",
    "gov.uk": "Government of the United Kingdom",
    "elysee.fr": "Élysée (President of France)",
    "regeringskansliet": "Government of Sweden",
    "government offices of sweden": "Government of Sweden",
    "federal foreign office": "Federal Foreign Office (Germany)",
    "auswärtiges amt": "Federal Foreign Office (Germany)",
    "federal department of foreign affairs": "Federal Department of Foreign Affairs (Switzerland)",
    "federal department of foreign affairs fdfa": "Federal Department of Foreign Affairs (Switzerland)",
    "eidgenössisches departement für auswärtige angelegenheiten": "Federal Department of Foreign Affairs (Switzerland)",
    "département fédéral des affaires étrangères": "Federal Department of Foreign Affairs (Switzerland)",
    "dipartimento federale degli affari esteri": "Federal Department of Foreign Affairs (Switzerland)",
    "consilium": "Council of the European Union",
}


def issuer_called(name: str) -> str:
    """The issuer with this name for itself; empty if none is known."""
    return _NAMES.get(" ".join(name.split()).lower(), "")


def issuer_of(url: str) -> str:
    """The issuer whose site an address belongs to; empty if none is known.

    An address in a web archive (``…/web/2022/https://www.state.gov/…``) counts as that of the archived page.
    """
    start = url.rfind("http")
    try:
        host = urlsplit(url[max(start, 0) :]).hostname or ""
    except ValueError:
        return ""
    parts = host.split(".")
    for first in range(len(parts)):
        if issuer := _HOSTS.get(".".join(parts[first:])):
            return issuer
    return ""
