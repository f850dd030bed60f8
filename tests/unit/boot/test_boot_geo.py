"""Countries of addresses are loaded where the policy refuses some, and the file reaches the processes that ask."""

import uuid
from pathlib import Path

from farebox.boot.config import Config
from farebox.boot.geo import load_geo
from farebox.boot.order import Order, decode_order, encode_order
from farebox.domain.policies.identity import RegionPolicy
from farebox.domain.policy import Policy


async def test_nothing_is_loaded_where_everybody_is_served(tmp_path: Path) -> None:
    """60 MB are spent by those only who asked for it."""
    assert await load_geo(Config(data_dir=tmp_path)) is None
    refusing = Policy(region=RegionPolicy(refused_countries=("XX",)))
    geo = await load_geo(Config(data_dir=tmp_path, policy=refusing))
    assert geo is not None
    assert geo.country_of("8.8.8.8") == "US"


def test_the_file_reaches_the_children(tmp_path: Path) -> None:
    """Over the pipe, as a path; without one it stays None."""
    for file in (None, tmp_path / "newer.dat.gz"):
        order = Order(
            role="gateway",
            name="gateway-0",
            config=Config(data_dir=tmp_path, geo_file=file),
            database_url="postgresql://db",
            secret_key=b"s" * 32,
            run_dir=tmp_path,
            spool_dir=tmp_path,
            node_id=uuid.uuid4(),
            simulator_url="http://127.0.0.1:1",
            public_url="http://127.0.0.1:2",
        )
        assert decode_order(encode_order(order)).config.geo_file == file
