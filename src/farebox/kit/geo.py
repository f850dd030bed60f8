"""The country of a network address, looked up in memory: no query, no network, nothing kept.

The database comes with the library (geoip2fast); a newer file of the same kind can take its place. Its networks are
those that registries and operators announce: a good guess, and no proof of where somebody is.
"""

from functools import cache
from importlib.util import find_spec
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Protocol

_COUNTRIES_OF_BOTH_FAMILIES = "geoip2fast-ipv6.dat.gz"


class _Found(Protocol):
    country_code: str


class _Database(Protocol):
    def lookup(self, ipaddr: str) -> _Found: ...


class GeoFileError(Exception):
    """The file is missing, or no database of countries."""


class Geo:
    """Countries of addresses. Made once per process: it takes a third of a second and some 60 MB."""

    def __init__(self, file: Path | None = None) -> None:
        self._database = _load(file or _shipped())

    def country_of(self, address: IPv4Address | IPv6Address | str | None) -> str:
        """ISO 3166-1 alpha-2; '' when it is not known, as of private addresses."""
        known = _parse(address) if isinstance(address, str) else address
        if isinstance(known, IPv6Address):
            known = known.ipv4_mapped or known.sixtofour or known
        if known is None or not known.is_global:
            return ""
        code = self._database.lookup(str(known)).country_code
        return code if len(code) == 2 and code.isalpha() else ""


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _shipped() -> Path:
    spec = find_spec("geoip2fast")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / _COUNTRIES_OF_BOTH_FAMILIES


@cache  # the library keeps one database per process
def _load(file: Path) -> _Database:
    from geoip2fast.geoip2fast import GeoIP2Fast, GeoIPError  # type: ignore[import-untyped]  # it has no types

    try:
        database: _Database = GeoIP2Fast(geoip2fast_data_file=str(file))
    except GeoIPError as error:
        raise GeoFileError(f"{file} holds no addresses by country: it must be a data file of geoip2fast") from error
    return database
