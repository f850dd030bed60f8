/* What was asked back: of payments, and of single charges. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Item } from "../../api/types";

export type Refundable = Item<"/api/refunds/refundable">;
export type RefundRequest = Item<"/api/refunds">;
export type Dispute = Item<"/api/adjustments">;

export const refundableQuery = queryOptions({
  queryKey: ["refunds", "refundable"],
  queryFn: ({ signal }) => ask(api.GET("/api/refunds/refundable", { signal })),
});

export const refundsQuery = infiniteQueryOptions({
  queryKey: ["refunds", "list"],
  queryFn: ({ pageParam, signal }) => ask(api.GET("/api/refunds", { params: { query: { after: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export const disputesQuery = infiniteQueryOptions({
  queryKey: ["adjustments"],
  queryFn: ({ pageParam, signal }) =>
    ask(api.GET("/api/adjustments", { params: { query: { after: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});
