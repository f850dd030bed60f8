import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

/** Whether there are words for it. */
export function isKnown(value: string): value is keyof typeof messages {
  return Object.hasOwn(messages, value);
}

/** A state, kind or method in words, as the API names it; what has no words, as the API names it with blanks for "_". */
export function useValueText(): (value: string) => string {
  const t = useText(messages);
  return (value) => (isKnown(value) ? t(value) : value.replaceAll("_", " "));
}
