"""How settings of the simulated provider are given, merged and decided."""

from random import Random

import msgspec
import pytest

from farebox.simulator.options import SimulatorOptions, decide_chances, merge_options, options_from_json, split_model


def test_model_suffix_sets_options():
    """A fault asked for through the model name, the only way through a gateway, arrives typed."""
    name, changes = split_model("sim-any?cut=3&ttft=100&gzip=true&cut_style=reset")
    options = merge_options(SimulatorOptions(), changes)
    assert name == "sim-any"
    assert (options.cut, options.ttft_ms, options.gzip, options.cut_style) == (3, 100.0, True, "reset")


@pytest.mark.parametrize("changes", [{"ttfs": 1}, {"fault": "typo"}, {"fail": 1.5}, {"chunks": -1}])
def test_misspelt_settings_are_refused(changes):
    """A test that misspells a fault must fail loudly instead of passing against a healthy provider."""
    with pytest.raises(msgspec.ValidationError):
        merge_options(SimulatorOptions(), changes)


def test_options_from_json():
    """The process entry takes the same names."""
    assert options_from_json('{"status": 429, "retry_after": "7"}').status == 429


def test_chances_repeat_with_the_seed():
    """Two runs with one seed fail at the same requests, and about as often as asked."""
    options = SimulatorOptions(fail=0.3, seed=5)

    def run():
        random = Random(options.seed)
        return [decide_chances(options, random).status for _ in range(1000)]

    assert run() == run()
    assert 250 < run().count(500) < 350


def test_a_decided_option_is_certain():
    """After the chances are decided nothing is left to chance, so that one request sees one fault."""
    decided = decide_chances(SimulatorOptions(cut_probability=1.0, fault="html", fault_probability=0.0), Random(1))
    assert decided.cut == 8
    assert decided.fault == ""
    assert not decided.leaves_to_chance
