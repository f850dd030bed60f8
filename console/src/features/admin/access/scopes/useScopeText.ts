import { useCallback } from "react";
import { useText } from "../../../../lib/i18n";
import { messages } from "./messages";

type Key = keyof typeof messages;

/** What a scope permits, in words; one that we do not know, as the API names it. */
export function useScopeText(): (scope: string) => string {
  const t = useText(messages);
  return useCallback(
    (scope) => {
      const key = `scope_${scope.replace(":", "_")}`;
      return key in messages ? t(key as Key) : scope;
    },
    [t],
  );
}
