"""Countries of addresses: both families, tunnels, and what has none."""

from pathlib import Path

import pytest

from farebox.kit.geo import Geo, GeoFileError


@pytest.fixture(scope="module")
def geo() -> Geo:
    return Geo()


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("8.8.8.8", "US"),
        ("14.0.128.1", "HK"),  # a territory with a code of its own
        ("2001:da8::1", "CN"),
        ("::ffff:8.8.8.8", "US"),
        ("2002:808:808::1", "US"),  # 6to4 of 8.8.8.8
        ("10.0.0.1", ""),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("fe80::1", ""),
        ("203.0.113.5", ""),
        ("no address", ""),
        (None, ""),
    ],
)
def test_the_country_of_an_address(geo: Geo, address: str | None, country: str):
    """Known where networks are announced; '' for what nobody can say."""
    assert geo.country_of(address) == country


def test_a_file_that_is_missing_is_refused(tmp_path: Path):
    """With a sentence that names it."""
    missing = tmp_path / "missing.dat.gz"
    with pytest.raises(GeoFileError, match=str(missing)):
        Geo(missing)
