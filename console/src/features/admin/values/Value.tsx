import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import { isKnown } from "./useValueText";

/** A state, kind or method in words, with the API's own name on hover; what has no words is shown as it is. */
export function Value({ of }: { of: string }) {
  const t = useText(messages);
  return isKnown(of) ? <span title={of}>{t(of)}</span> : of;
}
