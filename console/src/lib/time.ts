/* Moments in the viewer's zone. */

const MINUTE_S = 60;
const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", MINUTE_S],
];
const RELATIVE_WITHIN_S = 7 * 86_400;

/** The full moment: date, time with seconds, and zone. */
export function exactTime(moment: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "long" }).format(new Date(moment));
}

/** Date and time to the minute. */
export function shortTime(moment: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment));
}

export function shortDate(moment: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(new Date(moment));
}

/** "5 minutes ago", "in 2 days"; further away than a week, the date. */
export function relativeTime(moment: string, locale: string, now = Date.now()): string {
  const seconds = Math.round((new Date(moment).getTime() - now) / 1000);
  if (Math.abs(seconds) > RELATIVE_WITHIN_S) return shortDate(moment, locale);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, "minute");
}

/** "240 ms", "1.8 s", "2 min 5 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < MINUTE_S) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return `${Math.floor(seconds / MINUTE_S)} min ${Math.round(seconds % MINUTE_S)} s`;
}

const SPANS: readonly (readonly ["day" | "hour" | "minute", number])[] = [
  ["day", 1_440],
  ["hour", 60],
  ["minute", 1],
];

/** "30 days", "24 hours", "90 minutes": the largest unit in which it is a whole number, and more than one. */
export function timeSpan(minutes: number, locale: string): string {
  const [unit, size] = SPANS.find(([, each]) => minutes > each && minutes % each === 0) ?? (["minute", 1] as const);
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(minutes / size);
}

/** The start of the day `days` ago in the viewer's zone, as the API takes it. */
export function daysAgo(days: number, now = new Date()): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).toISOString();
}
