/* The first call of a key. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";

const AGAIN_MS = 2_000;

/** Looks again until there is one. */
export function firstCallQuery(key: string) {
  return queryOptions({
    queryKey: ["jobs", "first", key],
    queryFn: ({ signal }) => ask(api.GET("/api/jobs", { params: { query: { key_id: key, limit: 1 } }, signal })),
    refetchInterval: (query) => (query.state.data?.data.length ? false : AGAIN_MS),
  });
}
