"""The official OpenAI SDK against the endpoints beside conversation."""

import base64

import httpx
import openai
import pytest
from tests.support.simulator import running_simulator

IMAGE = ("a.png", b"\x89PNG\r\n\x1a\n\r\n--x", "image/png")


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as running:
        yield running


@pytest.fixture
def client(simulator):
    with openai.OpenAI(base_url=simulator.base_url, api_key="sk-1", max_retries=0) as client:
        yield client
    simulator.reset()


def test_images(client):
    """Images cost by size and quality, and images to edit are part of the input."""
    low = client.images.generate(model="sim-image", prompt="a fox", quality="low", n=2)
    assert base64.b64decode(low.data[1].b64_json).startswith(b"\x89PNG")
    high = client.images.generate(model="sim-image", prompt="a fox", quality="high", size="1536x1024", n=2)
    assert high.usage.output_tokens > low.usage.output_tokens
    edited = client.images.edit(model="sim-image", prompt="a fox", image=[IMAGE, IMAGE])
    assert edited.usage.input_tokens_details.image_tokens == 2 * 323
    with pytest.raises(openai.BadRequestError):
        client.images.generate(model="sim-image", prompt="a fox", size="1x1")


def test_speech(client):
    """Sound comes in pieces, as long as the text is, in the kind asked for."""
    with client.audio.speech.with_streaming_response.create(
        model="sim-speech", voice="alloy", input="x" * 100, response_format="wav"
    ) as response:
        assert response.headers["content-type"] == "audio/wav"
        assert len(b"".join(response.iter_bytes())) == 6400
    with pytest.raises(openai.BadRequestError):
        client.audio.speech.create(model="sim-speech", voice="alloy", input="x" * 5000)


def test_transcription(client):
    """Text depends on the sound, and what it cost on its length."""
    sound = ("a.wav", b"s" * 40_000, "audio/wav")
    heard = client.audio.transcriptions.create(model="sim-hearing", file=sound)
    assert heard.usage.seconds == 3
    assert client.audio.transcriptions.create(model="sim-hearing", file=sound).text == heard.text
    other = client.audio.transcriptions.create(model="sim-hearing", file=("b.wav", b"t" * 100, "audio/wav"))
    assert other.text != heard.text
    events = list(client.audio.transcriptions.create(model="sim-hearing", file=sound, stream=True))
    assert "".join(event.delta for event in events[:-1]) == events[-1].text == heard.text


def test_broken_forms(simulator):
    """A form without its end, its content type or its file is refused."""
    url = simulator.base_url + "/audio/transcriptions"
    form = b'--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nsim\r\n'
    for body, kind in (
        (form, "multipart/form-data; boundary=b"),
        (form + b"--b--\r\n", "multipart/form-data; boundary=b"),
        (form + b"--b--\r\n", "application/octet-stream"),
    ):
        assert httpx.post(url, content=body, headers={"content-type": kind}).status_code == 400


def test_moderation_and_rerank(client, simulator):
    """One word is flagged; documents that share words with the query come first and cost search units."""
    results = client.moderations.create(model="sim-moderation", input=["fine", "a forbidden text"]).results
    assert [result.flagged for result in results] == [False, True]
    asked = {"model": "sim-rerank", "query": "red fox", "documents": ["a dog", "the red fox", "red"], "top_n": 2}
    ranked = httpx.post(simulator.base_url + "/rerank", json=asked).json()
    assert [result["index"] for result in ranked["results"]] == [1, 2]
    assert ranked["meta"]["billed_units"]["search_units"] == 1
    assert httpx.post(simulator.base_url + "/rerank", json={**asked, "documents": []}).status_code == 400


@pytest.mark.parametrize("path", ["/images/generations", "/audio/speech", "/moderations", "/rerank"])
def test_faults(simulator, path):
    """Errors and faults work here as everywhere."""
    body = {"model": "sim?status=429", "prompt": "x", "input": "x", "voice": "v", "query": "x", "documents": ["x"]}
    assert httpx.post(simulator.base_url + path, json=body).json()["error"]["code"] == "rate_limit_exceeded"
    with pytest.raises(httpx.TransportError):
        httpx.post(simulator.base_url + path, json={**body, "model": "sim?cut=0"})
