/* What the account has, where it came from, and every change of it. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { paged } from "../../api/paged";
import type { Answer, Item } from "../../api/types";
import { daysAgo } from "../../lib/time";
import type { LedgerSearch } from "./search";

export type Credits = Answer<"/api/credits">;
export type Line = Item<"/api/ledger">;
export type Lot = Item<"/api/credits/lots">;
export type Payment = Item<"/api/payments">;
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

export const lotsQuery = paged<Lot>(["credits", "lots"], (after, signal) =>
  ask(api.GET("/api/credits/lots", { params: { query: { after } }, signal })),
);

export const paymentsQuery = paged<Payment>(["payments"], (after, signal) =>
  ask(api.GET("/api/payments", { params: { query: { after } }, signal })),
);

export function paymentQuery(id: string) {
  return queryOptions({
    queryKey: ["payments", id],
    queryFn: ({ signal }) => ask(api.GET("/api/payments/{payment_id}", { params: { path: { payment_id: id } }, signal })),
  });
}

export const statementsQuery = paged<Statement>(["statements"], (after, signal) =>
  ask(api.GET("/api/statements", { params: { query: { after } }, signal })),
);
