import { expect, test } from "vitest";
import type { Series } from "./queries";
import { coloursOf, OTHER, stack } from "./series";

const NONE = {
  jobs: 0,
  voided: 0,
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  charge: "0",
};

function series(points: [day: number, label: string, charge: string][]): Series {
  const at = (day: number) => `2026-11-0${day}T00:00:00Z`;
  return {
    since: at(1),
    until: at(4),
    step: "day",
    split: "model",
    data: points.map(([day, label, charge]) => ({ ...NONE, jobs: 1, at: at(day), label, charge })),
    total: NONE,
  };
}

test("days without calls are there, empty", () => {
  const { rows } = stack(series([[2, "a", "1.5"]]), "charge");
  expect(rows.map((row) => row.values)).toEqual([{}, { a: "1.5" }, {}]);
});

test("the six largest stand for themselves, the rest for one, and nothing is lost", () => {
  const points = "abcdefgh".split("").map((label, index) => [1, label, `0.${8 - index}`] as [number, string, string]);
  const { labels, totals } = stack(series(points), "charge");
  expect(labels).toEqual(["a", "b", "c", "d", "e", "f", OTHER]);
  expect(totals[OTHER]).toBe("0.3");
});

test("sums are exact", () => {
  const { totals } = stack(
    series([
      [1, "a", "0.1"],
      [2, "a", "0.2"],
    ]),
    "charge",
  );
  expect(totals["a"]).toBe("0.3");
});

test("a model keeps its colour whatever is shown beside it, and no two share one", () => {
  expect(coloursOf(["a"])["a"]).toBe(coloursOf(["a", "b", "c"])["a"]);
  const colours = Object.values(coloursOf(["a", "b", "c", "d", "e", "f"]));
  expect(new Set(colours).size).toBe(6);
});
