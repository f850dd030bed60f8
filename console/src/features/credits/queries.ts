/* What the account has, where it came from, and every change of it. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer, Item } from "../../api/types";
import { daysAgo } from "../../lib/time";
import type { LedgerSearch } from "./search";

export type Credits = Answer<"/api/credits">;
export type Line = Item<"/api/ledger">;
export type Statement = Item<"/api/statements">;

const SPAN_DAYS = { week: 7, month: 30, quarter: 90 } as const;

export const creditsQuery = queryOptions({
  queryKey: ["credits"],
  queryFn: ({ signal }) => ask(api.GET("/api/credits", { signal })),
});

export function ledgerFilter({ kind, span }: LedgerSearch) {
  return { kind, since: span && daysAgo(SPAN_DAYS[span]) };
}

export function ledgerQuery(search: LedgerSearch) {
  const filter = ledgerFilter(search);
  return infiniteQueryOptions({
    queryKey: ["ledger", filter],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET("/api/ledger", { params: { query: { ...filter, after: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export const statementsQuery = infiniteQueryOptions({
  queryKey: ["statements"],
  queryFn: ({ pageParam, signal }) =>
    ask(api.GET("/api/statements", { params: { query: { after: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});
