/* Requests to the operator, and their threads. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer, Item } from "../../api/types";

export type Request = Item<"/api/support">;
export type Thread = Answer<"/api/support/{request_id}">;

const AGAIN_MS = 30_000;

export const requestsQuery = infiniteQueryOptions({
  queryKey: ["support"],
  queryFn: ({ pageParam, signal }) => ask(api.GET("/api/support", { params: { query: { after: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export function threadQuery(id: string) {
  return queryOptions({
    queryKey: ["support", id],
    queryFn: ({ signal }) => ask(api.GET("/api/support/{request_id}", { params: { path: { request_id: id } }, signal })),
    refetchInterval: AGAIN_MS,
  });
}
