// A third-party mock of the providers: serves until standard input ends, and says first where.
//
// The answers are those that Farebox's own simulator gives to the same questions (tests/e2e/sdk/test_third_party_mock.py).

import process from "node:process";

import { LLMock } from "@copilotkit/aimock";

const calls = (...names) => ({ toolCalls: names.map((name) => ({ name, arguments: { city: "Paris" } })) });
// Each dialect takes its own names.
const usage = {
  ...{ prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
  ...{ input_tokens: 9, output_tokens: 3 },
  ...{ promptTokenCount: 9, candidatesTokenCount: 3, totalTokenCount: 12 },
};
const last = (request) => request.messages.at(-1);

const mock = new LLMock({ port: 0, host: "127.0.0.1", strict: true, chunkSize: 4, logLevel: "silent" });
mock.on({ userMessage: "be busy" }, { error: { message: "Slow down", type: "rate_limit_error" }, status: 429 });
mock.on({ userMessage: "be refused" }, { error: { message: "Not so", type: "invalid_request_error" }, status: 400 });
mock.on({ userMessage: "say much" }, { content: "one two three", finishReason: "length" });
mock.on({ userMessage: "give JSON" }, { content: { city: "Paris", warm: true } });
mock.addFixture({
  match: { predicate: (request) => last(request).role === "tool" },
  response: { content: "The tool returned: sunny; noon" },
});
mock.on({ toolName: "clock" }, calls("weather", "clock"));
mock.on({ userMessage: "count nothing" }, { content: "hello there" });
mock.on({ userMessage: "hello there" }, { content: "hello there", usage });

await mock.start();
process.stdout.write(`${JSON.stringify({ url: mock.url })}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
