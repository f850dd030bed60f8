/* Buying credit. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer, Body, Item } from "../../api/types";

export type Options = Answer<"/api/recharges/options">;
export type Recharge = Item<"/api/recharges">;
export type NewRecharge = Body<"/api/recharges">;
export type Method = NewRecharge["method"];

const AGAIN_MS = 2_000;

export const optionsQuery = queryOptions({
  queryKey: ["recharges", "options"],
  queryFn: ({ signal }) => ask(api.GET("/api/recharges/options", { signal })),
});

export const rechargesQuery = infiniteQueryOptions({
  queryKey: ["recharges", "list"],
  queryFn: ({ pageParam, signal }) =>
    ask(api.GET("/api/recharges", { params: { query: { after: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

/** Looked at again while its payment may still come in. */
export function rechargeQuery(id: string) {
  return queryOptions({
    queryKey: ["recharges", "one", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/recharges/{recharge_id}", { params: { path: { recharge_id: id } }, signal })),
    refetchInterval: (query) => (isOpen(query.state.data?.state) ? AGAIN_MS : false),
  });
}

export function isOpen(state: Recharge["state"] | undefined): boolean {
  return state === "pending" || state === "checkout";
}

export const autoRechargeQuery = queryOptions({
  queryKey: ["auto-recharge"],
  queryFn: ({ signal }) => ask(api.GET("/api/auto-recharge", { signal })),
});
