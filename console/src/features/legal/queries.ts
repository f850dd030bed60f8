/* The operator's terms, in the language that is shown. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer } from "../../api/types";
import type { Language } from "../../lib/i18n";

export type Terms = NonNullable<Answer<"/api/public/terms">["in_force"]>;

export function termsQuery(language: Language) {
  return queryOptions({
    queryKey: ["terms", language],
    queryFn: ({ signal }) => ask(api.GET("/api/public/terms", { params: { query: { language } }, signal })),
  });
}
