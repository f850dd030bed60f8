/* Calls of the account, and the receipt of one. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer, Item } from "../../api/types";
import { daysAgo } from "../../lib/time";
import type { LogsSearch } from "./search";

export type Call = Item<"/api/jobs">;
export type Receipt = Answer<"/api/jobs/{job_id}">;

const SPAN_DAYS = { day: 1, week: 7, month: 30 } as const;
const RUNNING_AGAIN_MS = 2_000;

/** The filters as the API takes them. */
export function filterOf({ status, model, key, span }: LogsSearch) {
  return { status, model, key_id: key, since: span && daysAgo(SPAN_DAYS[span]) };
}

export function callsQuery(search: LogsSearch) {
  const filter = filterOf(search);
  return infiniteQueryOptions({
    queryKey: ["jobs", filter],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET("/api/jobs", { params: { query: { ...filter, after: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function receiptQuery(job: string) {
  return queryOptions({
    queryKey: ["job", job],
    queryFn: ({ signal }) => ask(api.GET("/api/jobs/{job_id}", { params: { path: { job_id: job } }, signal })),
    // A running call is looked at until it has ended.
    refetchInterval: (query) => (query.state.data?.status === "open" ? RUNNING_AGAIN_MS : false),
  });
}
