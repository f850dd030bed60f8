/* Requests for help, as operators see them. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Answer } from "../../../api/types";

export type Thread = Answer<"/admin/support/{request_id}">;

export const requestsQuery = (all: boolean) =>
  paged(["admin", "support", all], (after, signal) =>
    ask(api.GET("/admin/support", { params: { query: { state: all ? undefined : "open", after } }, signal })),
  );

export const threadQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "thread", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/support/{request_id}", { params: { path: { request_id: id } }, signal })),
  });

export const templatesQuery = queryOptions({
  queryKey: ["admin", "templates"],
  queryFn: ({ signal }) => ask(api.GET("/admin/support/templates", { signal })),
});
