import { useText } from "../../../lib/i18n";
import type { Choice } from "./Decisions";
import { messages } from "./messages";

/** The way to say no: by r, with words that the customer reads. */
export function useDecline(): (run: Choice["run"]) => Choice {
  const t = useText(messages);
  return (run) => ({ label: t("decline"), hotkey: "r", danger: true, needsNote: true, noteHint: t("noteRead"), run });
}
