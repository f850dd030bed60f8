"""Configuration: every wrong setting is refused by name, and secrets do not leak from it."""

from pathlib import Path

import pytest

from farebox.boot.config import Given, child_environment, load_config, load_policy, read_secret_variable
from farebox.domain.errors import CommandError
from farebox.domain.policy import Policy


def config_of(tmp_path: Path, **environ: str):
    return load_config(Given(data=str(tmp_path)), environ)


def test_options_win_over_the_environment_which_wins_over_defaults(tmp_path: Path):
    """An operator can override a container's environment for one start."""
    environ = {"FAREBOX_DATA": str(tmp_path / "env"), "FAREBOX_PORT": "9000", "FAREBOX_WORKERS": "3"}
    config = load_config(Given(data=str(tmp_path / "option"), port=9100), environ)
    assert (config.data_dir, config.port, config.workers) == (tmp_path / "option", 9100, 3)
    assert load_config(Given(), environ).data_dir == tmp_path / "env"
    assert load_config(Given(), {}).data_dir == Path("data").absolute()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FAREBOX_PORT", "70000"),
        ("FAREBOX_PORT", "http"),
        ("FAREBOX_WORKERS", "0"),
        ("FAREBOX_WORKERS", "1000"),
        ("FAREBOX_DATABASE_URL", "mysql://db"),
        ("FAREBOX_TRUSTED_PROXIES", "10.0.0.0/8, nowhere"),
        ("FAREBOX_LOG_LEVEL", "loud"),
        ("FAREBOX_LOG_FORMAT", "xml"),
        ("FAREBOX_DEMO", "maybe"),
        ("FAREBOX_BODY_LIMIT_BYTES", "-1"),
        ("FAREBOX_IDLE_TIMEOUT_S", "nan"),
        ("FAREBOX_IDLE_TIMEOUT_S", "0"),
        ("FAREBOX_SECRET_KEY", "short"),
        ("FAREBOX_UPSTREAM_PROXY", "socks5://proxy:1080"),
        ("FAREBOX_GEO_FILE", "/nowhere/at/all.dat.gz"),
    ],
)
def test_a_wrong_variable_is_refused_by_its_name(tmp_path: Path, name: str, value: str):
    """A typo in the environment ends the start with a message that names the variable."""
    with pytest.raises(CommandError, match=name if name != "FAREBOX_WORKERS" else "workers|FAREBOX_WORKERS"):
        config_of(tmp_path, **{name: value})


def test_printing_the_configuration_shows_no_secret(tmp_path: Path):
    """A configuration that ends up in a log or a traceback gives nothing away."""
    secret, url = "s" * 40, "postgresql://farebox:hunter2@db/farebox"
    config = config_of(tmp_path, FAREBOX_SECRET_KEY=secret, FAREBOX_DATABASE_URL=url)
    assert config.secret_key == secret.encode()
    assert secret not in repr(config)
    assert "hunter2" not in repr(config)


def test_children_do_not_inherit_our_variables():
    """What a child must know it is told over its pipe; the environment of a process can be read by others."""
    assert child_environment({"PATH": "/bin", "FAREBOX_SECRET_KEY": "x", "FAREBOX_DATA": "y"}) == {"PATH": "/bin"}


def test_a_policy_file_is_read_strictly(tmp_path: Path):
    """A misspelt rule is an error and never silently the default."""
    path = tmp_path / "farebox.toml"
    assert load_policy(path) == Policy()
    path.write_text('unit = "credit"\n[ending]\nprovider_cut = "delivered"\n')
    assert (load_policy(path).unit, load_policy(path).ending.provider_cut) == ("credit", "delivered")
    for wrong in (
        'unitt = "USD"',
        'unit = "EUR"',
        "unit = ",
        'key_prefix = "Not OK"',
        "[ending]\ndrain_most_s = '9'",
        "[ending]\ndrain_most_s = -1",
        "[admission]\nhold_lifetime_s = 0",
        "[admission]\nleast_useful_output_tokens = -64",
    ):
        path.write_text(wrong)
        with pytest.raises(CommandError, match=r"farebox\.toml"):
            load_policy(path)


@pytest.mark.parametrize("value", ["", "  ", "two words", "tab\tinside", "ünicode"])
def test_a_provider_key_must_look_like_one(value: str):
    """An empty or mangled variable is found when the channel is added, not when customers call."""
    with pytest.raises(CommandError, match="MY_KEY"):
        read_secret_variable("MY_KEY", {"MY_KEY": value})
    assert read_secret_variable("MY_KEY", {"MY_KEY": " sk-good\n"}) == b"sk-good"
