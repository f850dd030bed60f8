import { describe, expect, test } from "vitest";
import { abridge, add, compare, fromMinor, isAmount, isNegative, multiply, negate, typed, written } from "./amount";

describe("an abridged amount", () => {
  test.each([
    ["0", "0.00", false],
    ["1", "1.00", false],
    ["1.5", "1.50", false],
    ["1.2345", "1.2345", false],
    ["0.0007", "0.0007", false],
    ["0.000700", "0.0007", false],
    ["0.000000001", "0.000000001", false],
    ["12.345678912", "12.3457", true],
    ["123456.789", "123456.79", true],
    ["999999.999", "1000000.00", true],
    ["-0.123456789", "-0.123457", true],
    ["0.00012345678", "0.000123457", true],
    ["1.23456700", "1.23457", true],
  ])("%s is shown as %s", (amount, text, rounded) => {
    expect(abridge(amount)).toEqual({ text, rounded });
  });
});

test("of what is available nobody is told more than there is", () => {
  expect(abridge("54.9999901", true)).toEqual({ text: "54.9999", rounded: true });
  expect(abridge("-0.1", true)).toEqual({ text: "-0.10", rounded: false });
});

test("sums are exact where floats are not", () => {
  expect(add("0.1", "0.2")).toBe("0.3");
  expect(add("9007199254740993.000000001", "0.000000001")).toBe("9007199254740993.000000002");
  expect(add("1.5", "-2")).toBe("-0.5");
});

test("products keep every digit", () => {
  expect(multiply("0.15", "0.000001")).toBe("0.00000015");
  expect(multiply("1000", "0.60")).toBe("600");
});

test("order and sign", () => {
  expect(compare("0.10", "0.1")).toBe(0);
  expect(compare("-1", "0.000000001")).toBe(-1);
  expect(compare("2", "10")).toBe(-1);
  expect(isNegative("-0.5")).toBe(true);
  expect(negate("0.5")).toBe("-0.5");
});

test("amounts are written with their unit, a real minus, and all their digits", () => {
  expect(written("0.0007", "USD", "en")).toBe("$0.0007");
  expect(written("-1234.50", "USD", "en")).toBe("−$1,234.50");
  expect(written("1.2345", "credit", "en")).toBe("1.2345 credits");
  expect(written("9007199254740993.000000001", "credit", "en")).toBe("9,007,199,254,740,993.000000001 credits");
  expect(written("12.30", "USD", "ja")).toBe("$12.30");
});

test("minor units follow the currency", () => {
  expect(fromMinor(1999, "USD")).toBe("19.99");
  expect(fromMinor(500, "JPY")).toBe("500");
});

test("what is typed with another keyboard or with spaces around it is an amount", () => {
  expect(typed(" ２０．５ ")).toBe("20.5");
  expect(isAmount(typed("1,000"))).toBe(false);
});

test("what is no amount is refused", () => {
  expect(isAmount("1e5")).toBe(false);
  expect(isAmount("")).toBe(false);
  expect(() => add("1", "two")).toThrow(RangeError);
});
