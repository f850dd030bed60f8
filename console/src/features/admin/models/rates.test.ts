import { describe, expect, test } from "vitest";
import type { PerCall, PerToken } from "./queries";
import { isPlain, lossesAt, perToken, settled, withMember, withPrice } from "./rates";

/** Everything that a price per token can hold, as the API answers it. */
const FULL: PerToken = {
  kind: "per_token",
  prices: {
    input: "2.5",
    output: "10",
    cached_input: "0.25",
    cache_write: "3.125",
    cache_write_1h: "5",
    reasoning: "12",
    image_input: "3",
    audio_input: "40",
    image_output: "60",
    audio_output: "80",
  },
  per_request: "0.01",
  overrides: [
    { above_input_tokens: 128_000, prices: { input: "5", output: "15", cached_input: "0.5" } },
    { above_input_tokens: 200_000, prices: { input: "6", output: "20" } },
  ],
  images: [
    { size: "1024x1024", quality: "high", price: "0.167" },
    { size: "", quality: "", price: "0.04" },
  ],
  characters: "15",
  audio_second: "0.0001",
  search_unit: "0.002",
};

const BY_CALL: PerCall = {
  kind: "per_call",
  tiers: [
    { up_to_input_tokens: 32_000, per_call: "1" },
    { up_to_input_tokens: null, per_call: "2" },
  ],
  multiplier: 3,
};

describe("prices go through the form", () => {
  test.each([
    ["all that is priced per token", FULL],
    ["input and output alone", perToken("1", "2")],
    ["tiers per call", BY_CALL],
    ["tiers of the policy", { kind: "per_call", tiers: null, multiplier: 2 } satisfies PerCall],
  ])("and come out as they went in: %s", (_, rates) => {
    expect(settled(rates)).toEqual(rates);
  });

  test("one class changes, and nothing else", () => {
    const changed = { ...FULL, prices: withPrice(FULL.prices, "cache_write", "3.2") };
    expect(settled(changed)).toEqual({ ...FULL, prices: { ...FULL.prices, cache_write: "3.2" } });
  });

  test("a class without a price costs what its parent class costs", () => {
    expect(withPrice(FULL.prices, "reasoning", "").reasoning).toBeNull();
  });

  test("a piece without a price costs nothing", () => {
    expect(settled({ ...FULL, audio_second: "" }).audio_second).toBe("0");
  });

  test("overrides and tiers are sent in ascending order, wherever they were added", () => {
    expect(settled({ ...FULL, overrides: FULL.overrides.toReversed() })).toEqual(FULL);
    expect(settled({ ...BY_CALL, tiers: BY_CALL.tiers?.toReversed() })).toEqual(BY_CALL);
  });

  test("a member of a list is changed or taken out where it stands", () => {
    expect(withMember(["a", "b", "c"], 1, "x")).toEqual(["a", "x", "c"]);
    expect(withMember(["a", "b", "c"], 1, null)).toEqual(["a", "c"]);
  });
});

test("a cost is plain when input and output say all of it", () => {
  expect(isPlain(perToken("1", "2"))).toBe(true);
  expect(isPlain({ ...perToken("1", "2"), images: [{ size: "", quality: "", price: "0.04" }] })).toBe(false);
  expect(isPlain({ ...perToken("1", "2"), per_request: "0.01" })).toBe(false);
  expect(isPlain(BY_CALL)).toBe(false);
});

describe("prices below what a provider takes", () => {
  const route = { channel: "one", upstream_model: "m", priority: 0, weight: 1 };

  test("are named by class and channel, compared as decimals", () => {
    const routes = [
      { ...route, cost: perToken("9.5", "10.00") },
      { ...route, channel: "two", cost: perToken("0.5", "10.01") },
    ];
    expect(lossesAt(perToken("9", "10"), routes)).toEqual([
      { name: "input", price: "9", cost: "9.5", channel: "one" },
      { name: "output", price: "10", cost: "10.01", channel: "two" },
    ]);
  });

  test("are not told of a field that is being typed, nor of another kind of price", () => {
    expect(lossesAt(perToken("", "1."), [{ ...route, cost: perToken("9", "9") }])).toEqual([]);
    expect(lossesAt({ kind: "per_call", tiers: null, multiplier: 1 }, [{ ...route, cost: FULL }])).toEqual([]);
  });
});
