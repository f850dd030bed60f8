/* The account at a glance: the header's balance and the overview are one request. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer } from "../../api/types";

export type Overview = Answer<"/api/overview">;

const AGAIN_MS = 30_000;

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => ask(api.GET("/api/overview", { signal })),
  refetchInterval: AGAIN_MS,
});

export function useOverview() {
  return useQuery(overviewQuery);
}
