import { expect, test } from "vitest";
import { estimate, perMillion } from "./price";
import type { Model } from "./queries";

function model(prices: { input: string; output: string }, percent = "100"): Model {
  return { rates: { kind: "per_token", prices }, price_percent: percent } as unknown as Model;
}

test("an estimate is exact: 1,000 calls of 1,200 and 300 tokens at 0.15 and 0.60", () => {
  expect(estimate(model({ input: "0.15", output: "0.60" }), 1_000, 1_200, 300)).toBe("0.36");
});

test("a discount is taken off each price", () => {
  expect(perMillion(model({ input: "0.15", output: "0.60" }, "80"), "input")).toBe("0.12");
  expect(perMillion(model({ input: "0.15", output: "0.60" }, "33.3"), "output")).toBe("0.1998");
});

test("a class without a price has none", () => {
  expect(perMillion(model({ input: "1", output: "2" }), "cached_input")).toBeNull();
});
