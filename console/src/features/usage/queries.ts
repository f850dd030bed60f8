/* What was used: calls, tokens and charges by hour or day. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer } from "../../api/types";
import { daysAgo } from "../../lib/time";
import type { UsageSearch } from "./search";

export type Series = Answer<"/api/usage">;

const SPAN_DAYS = { day: 1, week: 7, month: 30, quarter: 90 } as const;

/** The span and split as the API takes them; a month by model where nothing is said. */
export function usageFilter({ split = "model", span = "month" }: UsageSearch) {
  const step = span === "day" ? ("hour" as const) : ("day" as const);
  return { step, split, since: daysAgo(SPAN_DAYS[span]) };
}

export function usageQuery(search: UsageSearch) {
  const filter = usageFilter(search);
  return queryOptions({
    queryKey: ["usage", filter],
    queryFn: ({ signal }) => ask(api.GET("/api/usage", { params: { query: filter }, signal })),
  });
}
