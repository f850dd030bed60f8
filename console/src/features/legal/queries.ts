/* The operator's terms and other texts, in the language that is shown; and the rules that hold whatever they say. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { isCode } from "../../api/problem";
import type { Answer } from "../../api/types";
import type { Language } from "../../lib/i18n";
import type { TextKind } from "./published/kinds";

export type Terms = NonNullable<Answer<"/api/public/terms">["in_force"]>;

export function termsQuery(language: Language) {
  return queryOptions({
    queryKey: ["terms", language],
    queryFn: ({ signal }) => ask(api.GET("/api/public/terms", { params: { query: { language } }, signal })),
  });
}

export type RefundRules = Answer<"/api/public/refund-rules">;

/** The version in force; null before there is any. */
export function textQuery(kind: TextKind, language: Language) {
  return queryOptions({
    queryKey: ["texts", kind, language],
    queryFn: async ({ signal }) => {
      try {
        return await ask(api.GET("/api/public/texts/{kind}", { params: { path: { kind }, query: { language } }, signal }));
      } catch (failure) {
        if (isCode(failure, "not_published")) return null;
        throw failure;
      }
    },
  });
}

export const refundRulesQuery = queryOptions({
  queryKey: ["refund-rules"],
  queryFn: ({ signal }) => ask(api.GET("/api/public/refund-rules", { signal })),
});
