/* Accounts as operators see them. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import type { Answer, Item } from "../../../api/types";
import type { AccountsSearch } from "./search";

export type AccountLine = Item<"/admin/accounts">;
export type Account = Answer<"/admin/accounts/{account_id}">;

// Shorter words would find half of all accounts: the API takes three characters at least.
const SHORTEST = 3;

export function accountsQuery({ q, status }: AccountsSearch) {
  const wanted = { status, q: q !== undefined && q.length >= SHORTEST ? q : undefined };
  return infiniteQueryOptions({
    queryKey: ["admin", "accounts", wanted],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET("/admin/accounts", { params: { query: { ...wanted, after: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function accountQuery(id: string) {
  return queryOptions({
    queryKey: ["admin", "account", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/accounts/{account_id}", { params: { path: { account_id: id } }, signal })),
  });
}
