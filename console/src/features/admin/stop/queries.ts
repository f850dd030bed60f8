/* Emergency stops in force, and how many jobs run. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import type { Answer } from "../../../api/types";

export type Stops = Answer<"/admin/stop">;
export type Stop = Stops["stops"][number];

const AGAIN_MS = 15_000;
const LIVE_MS = 2_000;

/** `live` while somebody is about to stop: then the number of running jobs must be true. */
export function stopsQuery(live: boolean) {
  return queryOptions({
    queryKey: ["admin", "stop"],
    queryFn: ({ signal }) => ask(api.GET("/admin/stop", { signal })),
    refetchInterval: live ? LIVE_MS : AGAIN_MS,
  });
}
