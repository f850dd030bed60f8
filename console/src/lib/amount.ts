/* Amounts of money are decimal strings. They are compared and added as integers, never as floats. */

const FORM = /^(-?)(\d+)(?:\.(\d+))?$/;
const MINUS = "−";
const LEAST_DECIMALS = 2;
const MOST_SIGNIFICANT = 6;

interface Scaled {
  digits: bigint;
  scale: number;
}

function parse(amount: string): Scaled {
  const found = FORM.exec(amount);
  if (found === null) throw new RangeError(`not an amount: ${amount}`);
  const [, sign = "", whole = "", part = ""] = found;
  return { digits: BigInt(sign + whole + part), scale: part.length };
}

function write({ digits, scale }: Scaled): string {
  const sign = digits < 0n ? "-" : "";
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  const whole = text.slice(0, text.length - scale);
  const part = scale === 0 ? "" : text.slice(-scale);
  return sign + whole + (part === "" ? "" : `.${part}`);
}

function aligned(left: string, right: string): [Scaled, Scaled] {
  const [a, b] = [parse(left), parse(right)];
  const scale = Math.max(a.scale, b.scale);
  return [widen(a, scale), widen(b, scale)];
}

function widen({ digits, scale }: Scaled, wanted: number): Scaled {
  return { digits: digits * 10n ** BigInt(wanted - scale), scale: wanted };
}

export function isAmount(text: string): boolean {
  return FORM.test(text);
}

/** An amount as somebody types it: without spaces around it, with full-width digits and points as ASCII. */
export function typed(text: string): string {
  return text.trim().replace(/[０-９．]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}

export function add(left: string, right: string): string {
  const [a, b] = aligned(left, right);
  return trim(write({ digits: a.digits + b.digits, scale: a.scale }));
}

export function negate(amount: string): string {
  const { digits, scale } = parse(amount);
  return write({ digits: -digits, scale });
}

/** Exact: the product has as many decimals as both factors together. */
export function multiply(left: string, right: string): string {
  const [a, b] = [parse(left), parse(right)];
  return trim(write({ digits: a.digits * b.digits, scale: a.scale + b.scale }));
}

/** -1, 0 or 1, as the left is smaller, equal or larger. */
export function compare(left: string, right: string): -1 | 0 | 1 {
  const [a, b] = aligned(left, right);
  return a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0;
}

export function isNegative(amount: string): boolean {
  return parse(amount).digits < 0n;
}

export function isZero(amount: string): boolean {
  return parse(amount).digits === 0n;
}

/** Without zeros at the end of the decimals. */
export function trim(amount: string): string {
  return amount.includes(".") ? amount.replace(/\.?0+$/, "") : amount;
}

/**
 * At least two decimals, at most six significant digits. Half is rounded away from zero; what is `available` is
 * rounded towards it, as nobody may be told of more than there is.
 * `rounded` tells that the exact amount has more: whoever shows it must make the rest reachable.
 */
export function abridge(amount: string, available = false): { text: string; rounded: boolean } {
  const exact = trim(amount);
  const { digits, scale } = parse(exact);
  const size = (digits < 0n ? -digits : digits).toString();
  const before = Math.max(size.length - scale, 1);
  const leading = size.length > scale ? 0 : scale - size.length;
  const room = size.length > scale ? MOST_SIGNIFICANT - before : MOST_SIGNIFICANT + leading;
  const decimals = Math.max(room, LEAST_DECIMALS);
  if (scale <= decimals) return { text: pad(exact), rounded: false };
  return { text: pad(trim(write(roundTo({ digits, scale }, decimals, available)))), rounded: true };
}

function roundTo({ digits, scale }: Scaled, decimals: number, towardsZero: boolean): Scaled {
  const divisor = 10n ** BigInt(scale - decimals);
  const half = towardsZero ? 0n : divisor / 2n;
  const away = digits < 0n ? -half : half;
  return { digits: (digits + away) / divisor, scale: decimals };
}

function pad(amount: string): string {
  const [whole, part = ""] = amount.split(".");
  return `${whole}.${part.padEnd(LEAST_DECIMALS, "0")}`;
}

/** An amount as people of a locale write it, with its unit: "$0.0007", "−1,234.50 credits". All its digits are kept. */
export function written(amount: string, unit: string | undefined, locale: string): string {
  const decimals = amount.split(".")[1]?.length ?? 0;
  const options: Intl.NumberFormatOptions = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const isCurrency = unit !== undefined && /^[A-Z]{3}$/.test(unit);
  const format = new Intl.NumberFormat(
    locale,
    isCurrency ? { ...options, style: "currency", currency: unit, currencyDisplay: "narrowSymbol" } : options,
  );
  // As a string, so that no digit passes through a float.
  const number = format.format(amount as unknown as number).replace("-", MINUS);
  return isCurrency || unit === undefined ? number : `${number} ${unit === "credit" ? "credits" : unit}`;
}

/** For a sentence that must not round: all of it, with at least two decimals. */
export function writtenWhole(amount: string, unit: string | undefined, locale: string): string {
  const { text, rounded } = abridge(amount);
  return written(rounded ? amount : text, unit, locale);
}

/** Minor units of a currency (cents) as an amount: 1999 USD is "19.99", 500 JPY is "500". */
export function fromMinor(minor: number, currency: string): string {
  const decimals = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return write({ digits: BigInt(minor), scale: decimals });
}
