import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

function isKnown(value: string): value is keyof typeof messages {
  return Object.hasOwn(messages, value);
}

/** A state, kind or method in words, as the API names it; names that we do not know are shown as they are. */
export function useValueText(): (value: string) => string {
  const t = useText(messages);
  return (value) => (isKnown(value) ? t(value) : value.replaceAll("_", " "));
}
