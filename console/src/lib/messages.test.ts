import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Messages } from "./i18n";

const SOURCES = join(import.meta.dirname, "..");
const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
const catalogues = files.filter((name) => /(^|\/)messages\.ts$/.test(name));
const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

/** Sources that may say a catalogue's words: a feature's own folder; the common ones are said everywhere. */
function speakers(catalogue: string): string {
  const folder = catalogue.slice(0, -"messages.ts".length);
  const all = files.filter((name) => !name.endsWith("messages.ts") && !name.endsWith(".test.ts"));
  const near = folder.startsWith("features/") ? all.filter((name) => name.startsWith(folder)) : all;
  return near.map((name) => readFileSync(join(SOURCES, name), "utf8")).join("\n");
}

/** Keys are said as they stand, or made of a prefix and a value: t(`reason_${reason}`), t(status). */
function isSaid(key: string, sources: string): boolean {
  if (sources.includes(`"${key}"`) || new RegExp(`\\b${key}:`).test(sources)) return true;
  const prefix = /^([a-z][A-Za-z]*_)/.exec(key)?.[1];
  return prefix !== undefined && sources.includes(`\`${prefix}\${`);
}

describe.each(catalogues)("%s", async (catalogue) => {
  const { messages } = (await import(join(SOURCES, catalogue))) as { messages: Messages };

  test("has all four languages, with the same places to fill", () => {
    for (const [key, words] of Object.entries(messages)) {
      expect(words, key).toHaveLength(4);
      for (const text of words) {
        expect(text.trim(), key).not.toBe("");
        expect(places(text), `${key}: ${text}`).toEqual(places(words[0]));
      }
    }
  });

  test("has no words that nobody says", () => {
    const sources = speakers(catalogue);
    const unsaid = Object.keys(messages).filter((key) => !isSaid(key, sources));
    // What the API answers with (states, outcomes) is said by value: it, or "all", stands in a comment of the catalogue.
    const byValue = /\/\/ said by value: (.*)/.exec(readFileSync(join(SOURCES, catalogue), "utf8"))?.[1] ?? "";
    expect(byValue === "all" ? [] : unsaid.filter((key) => !byValue.split(/[ ,]+/).includes(key))).toEqual([]);
  });
});
