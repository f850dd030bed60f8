import { describe, expect, it } from "vitest";
import { timeSpan } from "./time";

describe("timeSpan", () => {
  it("takes the largest unit that tells it in whole numbers", () => {
    expect([10, 60, 90, 120, 1_440, 1_500, 43_200].map((minutes) => timeSpan(minutes, "en"))).toEqual([
      "10 minutes",
      "60 minutes",
      "90 minutes",
      "2 hours",
      "24 hours",
      "25 hours",
      "30 days",
    ]);
  });
  it("says it in the reader's language", () => {
    expect(timeSpan(43_200, "zh-CN")).toBe("30天");
  });
});
