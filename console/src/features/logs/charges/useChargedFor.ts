import { useCallback } from "react";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

type Key = keyof typeof messages;

/** What a line of a receipt is for, in words; what we do not know, as the API names it. */
export function useChargedFor(): (line: string) => string {
  const t = useText(messages);
  return useCallback(
    (line) => {
      const key = `for_${line}`;
      return key in messages ? t(key as Key) : line.replaceAll("_", " ");
    },
    [t],
  );
}
