"""A key that may not see balances: no endpoint, header or error tells the balance, or a number made from it."""

import json

from tests.support.gateway import MODEL, Answer, Gateway, Shop

BALANCE = "0.007654321"
SAID = [{"role": "user", "content": "hello"}]


def everything(answer: Answer) -> str:
    return "\n".join([*(f"{name}: {value}" for name, value in answer.headers.items()), answer.body.decode()])


def test_no_endpoint_tells_the_balance(gateway: Gateway, shop: Shop) -> None:
    """Served, streamed, refused for lack of credit in every dialect, open and ended receipts, /v1/credits, /v1/key."""
    account = shop.account(BALANCE)
    key = shop.key(account, sees_balance=False)
    open_key = shop.key(account)
    told = gateway.chat(key=open_key)
    assert "farebox-balance" in told.headers, "the other key sees it"
    assert "farebox-max-tokens" in told.headers, "the balance bounds this call"

    answers = [gateway.chat(key=key), gateway.chat(key=key, stream=True)]
    jobs = [answer.job_id for answer in answers]
    assert [answer.status for answer in answers] == [200, 200]
    refused = [
        gateway.chat(key=key, max_tokens=1_000_000),
        gateway.call("POST", "/v1/responses", {"model": MODEL, "input": "x", "max_output_tokens": 10**6}, key=key),
        gateway.call("POST", "/v1/messages", {"model": MODEL, "messages": SAID, "max_tokens": 10**6}, key=key),
        gateway.call(
            "POST",
            f"/v1beta/models/{MODEL}:generateContent",
            {"contents": [{"parts": [{"text": "x"}]}], "generationConfig": {"maxOutputTokens": 10**6}},
            key=key,
        ),
    ]
    assert {answer.status for answer in refused} == {402}
    for job in jobs:
        shop.job(job)
    receipts = [gateway.call("GET", f"/v1/jobs/{job}", key=key) for job in (*jobs, told.job_id)]
    assert all(receipt.json["hold"] is None and receipt.json["balance_after"] is None for receipt in receipts)
    reads = [gateway.call("GET", path, key=key) for path in ("/v1/credits", "/v1/key", "/v1/models")]
    assert reads[0].status == 403

    seen = [receipt for job in jobs for receipt in [gateway.call("GET", f"/v1/jobs/{job}", key=open_key).json]]
    secrets = {BALANCE, told.headers["farebox-balance"], told.headers["farebox-max-tokens"]}
    secrets |= {receipt["hold"] for receipt in seen} | {receipt["balance_after"] for receipt in seen}
    secrets |= {str(value) for value in gateway.call("GET", "/v1/credits", key=open_key).json.values()}
    secrets -= {"credits", "USD", "active", "0"}
    for answer in (*answers, *refused, *receipts, *reads):
        text = everything(answer)
        assert not [secret for secret in secrets if secret in text], text
        for name in ("farebox-balance", "farebox-max-tokens"):
            assert name not in answer.headers
        if answer in refused:
            assert '"available"' not in json.dumps(answer.json)


def test_an_open_job_does_not_tell_it_either(gateway: Gateway, shop: Shop) -> None:
    """What a running call holds is all that the account has, so it is not told before the call ends either."""
    account = shop.account(BALANCE)
    gateway.key = shop.key(account, sees_balance=False)
    connection = gateway.begin(stream=True)
    try:
        head = connection.recv(65536).decode()
        job = next(line.partition(": ")[2] for line in head.splitlines() if line.startswith("farebox-job-id"))
        receipt = gateway.call("GET", f"/v1/jobs/{job}")
        assert receipt.json["hold"] is None
    finally:
        connection.close()
