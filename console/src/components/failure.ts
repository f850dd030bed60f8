/* Words for what went wrong: ours for what we know by its code, the API's own for the rest. */

import { Problem, Unreachable } from "../api/problem";
import { useText, type Say } from "../lib/i18n";
import { messages } from "./messages";

/** A sentence that says what happened and what to do. */
export function useFailureText(): (failure: unknown) => string {
  const t = useText(messages);
  return (failure) => describe(failure, t);
}

function describe(failure: unknown, t: Say<typeof messages>): string {
  if (failure instanceof Unreachable) return t("unreachable");
  if (!(failure instanceof Problem)) return t("serverFailed");
  if (failure.status >= 500 && failure.code.startsWith("http_")) return t("serverFailed");
  if (failure.status === 429 && failure.retryAfterS !== undefined) {
    return t("tooManyTries", { seconds: failure.retryAfterS });
  }
  if (failure.code === "not_found") return t("notFound");
  if (failure.code === "role_not_allowed") return t("roleNotAllowed");
  return failure.message;
}
