/* API keys of the account. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Body, Item } from "../../api/types";

export type Key = Item<"/api/keys">;
export type NewKey = Body<"/api/keys">;

export const keysQuery = infiniteQueryOptions({
  queryKey: ["keys"],
  queryFn: ({ pageParam, signal }) => ask(api.GET("/api/keys", { params: { query: { after: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export function keyQuery(id: string) {
  return queryOptions({
    queryKey: ["key", id],
    queryFn: ({ signal }) => ask(api.GET("/api/keys/{key_id}", { params: { path: { key_id: id } }, signal })),
  });
}
