import { describe, expect, test } from "vitest";
import { EventCutter } from "../../lib/eventStream";
import { blankAnswer, ended, withEvent, type Answer } from "./assembly";

const STREAM = [
  'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n',
  ": a comment\n\n",
  'data: {"choices":[{"delta":{"reasoning_content":"Hm. "}}]}\n\n',
  'data: {"choices":[{"delta":{"content":"Grüße, "}}]}\r\n\r\n',
  'data: {"choices":[{"delta":{"content":"世界 🌍"}}]}\n\n',
  'data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"cost":"0.00042"}}\n\n',
  "data: [DONE]\n\n",
].join("");

function assembled(text: string, size: number): Answer {
  const bytes = new TextEncoder().encode(text);
  const cutter = new EventCutter();
  let answer = blankAnswer("m");
  for (let at = 0; at < bytes.length; at += size) {
    for (const data of cutter.feed(bytes.subarray(at, at + size))) answer = withEvent(answer, data);
  }
  return answer;
}

describe("an answer is the same however its stream is cut", () => {
  test.each([1, 2, 3, 7, 64, 10_000])("into pieces of %i bytes", (size) => {
    expect(assembled(STREAM, size)).toEqual({
      model: "m",
      text: "Grüße, 世界 🌍",
      reasoning: "Hm. ",
      state: "done",
      cost: "0.00042",
      inputTokens: 7,
      outputTokens: 3,
    });
  });
});

test("a stream that breaks off is told from one that was stopped", () => {
  const half = assembled(STREAM.slice(0, 200), 50);
  expect(ended(half, false).state).toBe("failed");
  expect(ended(half, true).state).toBe("stopped");
});

test("an error within a stream ends it, with its words, and an end mark after it changes nothing", () => {
  const failed = assembled('data: {"error":{"message":"Broken.","code":"provider_cut"}}\n\ndata: [DONE]\n\n', 20);
  expect(failed).toMatchObject({ state: "failed", failure: "Broken.", code: "provider_cut" });
});

test("what is no JSON is passed over", () => {
  expect(withEvent(blankAnswer("m"), "<html>")).toEqual(blankAnswer("m"));
});
