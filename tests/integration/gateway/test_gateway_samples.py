"""Samples of settled jobs: sizes alone are kept, of few jobs, and quotes go by what they have taught."""

import asyncio

from tests.support.gateway import MODEL, Gateway, Shop
from tests.support.simulator import SimulatorProcess


def written(gateway: Gateway, shop: Shop) -> list[dict[str, object]]:
    """What the worker has kept, written now instead of in some seconds."""
    assert gateway.application is not None
    samples = gateway.application._samples
    asyncio.run_coroutine_threadsafe(samples.write(), gateway.loop).result(10)
    return [dict(row) for row in shop.rows("SELECT * FROM learning_sample")]


def test_a_sample_holds_sizes_and_no_content(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """Bytes by class and tokens of the request, tokens of the answer, and how many of them could be seen."""
    provider.set(reasoning_tokens=700, chunks=20)
    text = "word " * 300 + "123" + "字" * 10 + "ж"
    assert gateway.chat(stream=True, messages=[{"role": "user", "content": text}]).status == 200
    (sample,) = written(gateway, shop)
    assert sample["model"] == MODEL
    assert (sample["cjk_bytes"], sample["other_bytes"]) == (30, 2)
    assert sample["word_bytes"] > 1_500 > 30 < sample["sign_bytes"]
    assert sample["output_tokens"] == 720
    assert 10 < sample["seen_tokens"] < 80
    assert set(sample) == {
        *("model", "account_id", "at", "word_bytes", "sign_bytes", "cjk_bytes", "other_bytes"),
        *("input_tokens", "output_tokens", "seen_tokens"),
    }


def test_only_whole_counts_of_live_keys_are_sampled(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """Neither estimates, nor failures, nor test keys teach anything; one account teaches little at a time."""
    test_key = shop.key(shop.account(), kind="test")
    assert gateway.chat(key=test_key).status == 200
    provider.set(usage="missing")
    assert gateway.chat().status == 200
    provider.set(usage="normal", cut=3)
    assert gateway.chat(stream=True).status == 200
    assert written(gateway, shop) == []
    provider.reset()
    for _ in range(5):
        gateway.chat()
    assert len(written(gateway, shop)) == 2


def test_one_thought_is_enough_for_its_worker(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """A model that has thought unseen once is held whole from the next stream on, before any duty has run."""
    provider.set(reasoning_tokens=3_000, chunks=20)
    first, second = (shop.job(gateway.chat(stream=True).job_id) for _ in range(2))
    assert first["hold_nano"] < 3_000 * 2_000 < second["hold_nano"]
    assert second["charge_nano"] <= second["hold_nano"]


def test_dense_output_is_no_thought(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """Whatever a customer has the model write: output that was seen never raises the holds of others."""
    provider.set(reply="!?" * 2_000, usage="normal")
    jobs = [shop.job(gateway.chat(stream=True).job_id) for _ in range(2)]
    assert all(job["output_tokens"] > 500 for job in jobs)
    assert all(job["hold_nano"] < 16_384 * 2_000 for job in jobs)


def test_quotes_go_by_what_was_learned(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """A learned rate changes the next hold; signs are held for at a token each whatever was learned."""
    words, signs = "word " * 2_000, "!?*+" * 2_500

    def held(text: str) -> int:
        answer = gateway.chat(max_tokens=1, messages=[{"role": "user", "content": text}])
        return int(shop.job(answer.job_id)["hold_nano"]) // 1000

    before = held(words)
    assert 0.35 * len(words) < before < 0.5 * len(words)
    assert held(signs) > len(signs)
    shop.execute("""UPDATE model SET tokens_per_kilobyte = '{"ascii": 250, "cjk": 512, "other": 700}'""")
    assert held(words) < 0.7 * before
    assert held(signs) > len(signs)
