import { describe, expect, test } from "vitest";
import type { Words } from "../lib/i18n";
import { FIELD_ERRORS, REFUSALS } from "./refusals/all";

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

describe.each([
  ["refusals", REFUSALS],
  ["field errors", FIELD_ERRORS],
] as [string, Readonly<Record<string, Words>>][])("%s", (_, catalogue) => {
  test("have all four languages, with the same places to fill", () => {
    for (const [code, words] of Object.entries(catalogue)) {
      expect(words, code).toHaveLength(4);
      for (const text of words) {
        expect(text.trim(), code).not.toBe("");
        expect(places(text), `${code}: ${text}`).toEqual(places(words[0]));
      }
    }
  });
});
