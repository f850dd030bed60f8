/* Who runs this deployment, and what it counts in. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer } from "../../api/types";

export type Site = Answer<"/api/public/site">;

export const siteQuery = queryOptions({
  queryKey: ["site"],
  queryFn: ({ signal }) => ask(api.GET("/api/public/site", { signal })),
  staleTime: 600_000,
});

export function useSite(): Site | undefined {
  return useQuery(siteQuery).data;
}

/** Where calls go: `https://…/v1`. Until the site has answered, where this page came from. */
export function useBaseUrl(): string {
  return useSite()?.base_url ?? location.origin;
}
