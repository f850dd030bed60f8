import { useCallback } from "react";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

type Key = keyof typeof messages;

/** Says why a call was refused, by its code; undefined for a code that is not ours. */
export function useRefusedWhy(): (code: string) => string | undefined {
  const t = useText(messages);
  return useCallback(
    (code) => {
      const key = `code_${code}`;
      return key in messages ? t(key as Key) : undefined;
    },
    [t],
  );
}
