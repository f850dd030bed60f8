import { expect, test } from "vitest";
import { chargedFor, estimate, perMillion, priceLines } from "./price";
import type { Model } from "./queries";

type Rates = Model["rates"];
type PerToken = Extract<Rates, { kind: "per_token" }>;

function model(prices: PerToken["prices"], percent = "100", more: Partial<PerToken> = {}): Model {
  const nothing = { per_request: "0", overrides: [], images: [], characters: "0", audio_second: "0", search_unit: "0" };
  return priced({ kind: "per_token", prices, ...nothing, ...more }, percent);
}

function priced(rates: Rates, percent: string): Model {
  return { rates, price_percent: percent } as Model;
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

test("a class without a price costs what its parent class costs", () => {
  const sold = model({ input: "1", output: "2", cache_write: "1.25" });
  expect(chargedFor(sold, "cached_input")).toBe("1");
  expect(chargedFor(sold, "cache_write_1h")).toBe("1.25");
  expect(chargedFor(sold, "reasoning")).toBe("2");
});

test("a large input is priced as a whole by what holds for its size, and each request besides", () => {
  const prices = { input: "2", output: "4" };
  const sold = model({ input: "1", output: "2" }, "100", { per_request: "0.01", overrides: [{ above_input_tokens: 1_000, prices }] });
  expect(estimate(sold, 1, 1_000, 1_000)).toBe("0.013");
  expect(estimate(sold, 1, 1_001, 1_000)).toBe("0.016002");
});

test("calls that are priced by the size of their input", () => {
  const tiers = [{ up_to_input_tokens: 1_000, per_call: "1" }, { up_to_input_tokens: null, per_call: "3" }];
  const sold = priced({ kind: "per_call", tiers, multiplier: 2 }, "50");
  expect(estimate(sold, 10, 1_000, 0)).toBe("10");
  expect(estimate(sold, 10, 1_001, 0)).toBe("30");
  expect(priceLines(sold).map(({ price }) => price)).toEqual(["1", "3"]);
});

test("what images cost cannot be told from tokens", () => {
  const sold = model({ input: "0", output: "0" }, "50", { images: [{ size: "1024x1024", quality: "", price: "0.04" }] });
  expect(estimate(sold, 1, 1, 1)).toBeNull();
  expect(priceLines(sold).at(-1)).toMatchObject({ name: "image", size: "1024x1024", price: "0.02" });
});
