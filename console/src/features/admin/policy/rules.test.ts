import { expect, test } from "vitest";
import { matches, sections, written } from "./rules";

const rule = (section: string, name: string, value: unknown) => ({ section, name, value, is_default: true });

test("rules are found by section, name and value, all words of them", () => {
  const least = rule("recharge", "least", "5");
  for (const sought of ["", "LEAST", "recharge.least", "recharge 5"]) expect(matches(least, sought), sought).toBe(true);
  for (const sought of ["most", "recharge most"]) expect(matches(least, sought), sought).toBe(false);
});

test("sections keep the order of the file", () => {
  const found = sections([rule("", "unit", "USD"), rule("refund", "a", 1), rule("site", "b", 2), rule("refund", "c", 3)]);
  expect(found.map(({ name, rules }) => [name, rules.length])).toEqual([["", 1], ["refund", 2], ["site", 1]]);
});

test("values are written as the file has them", () => {
  expect(written([{ signal: "load", threshold: 600 }, { signal: "x" }])).toBe("signal = load, threshold = 600, signal = x");
  expect(written(false)).toBe("false");
});
