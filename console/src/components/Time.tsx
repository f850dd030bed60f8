/* A moment, in the viewer's zone; the exact one on hover. */

import { useLanguage } from "../lib/i18n";
import { exactTime, relativeTime, shortDate, shortTime } from "../lib/time";

interface TimeProps {
  value: string;
  as?: "time" | "date" | "relative";
}

const FORMS = { time: shortTime, date: shortDate, relative: relativeTime } as const;

export function Time({ value, as = "time" }: TimeProps) {
  const { language } = useLanguage();
  return (
    <time className={as === "time" ? "moment" : "nowrap"} dateTime={value} title={exactTime(value, language)}>
      {FORMS[as](value, language)}
    </time>
  );
}
