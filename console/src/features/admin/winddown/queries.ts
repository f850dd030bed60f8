/* The wind-down list, and one account of it. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Answer, Item } from "../../../api/types";
import type { OperationSearch } from "../operation/search";

export type Listed = Item<"/admin/wind-down">;
export type ListedDetail = Answer<"/admin/wind-down/{account_id}">;

export const listQuery = (state: OperationSearch["state"]) =>
  paged(["admin", "wind-down", state], (after, signal) =>
    ask(api.GET("/admin/wind-down", { params: { query: { state, after } }, signal })),
  );

export const listedQuery = (account: string) =>
  queryOptions({
    queryKey: ["admin", "wind-down of", account],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/wind-down/{account_id}", { params: { path: { account_id: account } }, signal })),
  });
