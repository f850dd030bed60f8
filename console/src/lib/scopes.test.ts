import { describe, expect, it } from "vitest";
import { permits } from "./scopes";

describe("permits", () => {
  it("includes reading in writing, not the other way round", () => {
    expect(permits(["money:write"], "money:read")).toBe(true);
    expect(permits(["money:read"], "money:write")).toBe(false);
    expect(permits(["money:write"], "risk:read")).toBe(false);
  });
  it("takes the star for everything, and nothing for nothing", () => {
    expect(permits(["*"], "operators:write")).toBe(true);
    expect(permits([], "audit:read")).toBe(false);
  });
});
