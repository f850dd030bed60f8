/* Where the account's events go, and what became of each. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { paged } from "../../api/paged";
import type { Body, Item } from "../../api/types";

export type Webhook = Item<"/api/webhooks">;
export type Wanted = Body<"/api/webhooks">;
export type Delivery = Item<"/api/webhooks/{webhook_id}/deliveries">;

const AGAIN_MS = 2_000;
const RETRIED_MS = 10_000;

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: ({ signal }) => ask(api.GET("/api/webhooks", { signal })),
});

/** Looked at again while something is on its way, often as long as it was not tried yet. */
export function deliveriesQuery(id: string) {
  return {
    ...paged<Delivery>(["webhooks", id, "deliveries"], (after, signal) =>
      ask(
        api.GET("/api/webhooks/{webhook_id}/deliveries", {
          params: { path: { webhook_id: id }, query: { after } },
          signal,
        }),
      ),
    ),
    refetchInterval: ({ state }: { state: { data?: { pages: { data: Delivery[] }[] } } }) => {
      const newest = state.data?.pages[0]?.data ?? [];
      if (newest.some(isUnderWay)) return AGAIN_MS;
      return newest.some((each) => each.state === "waiting") ? RETRIED_MS : false;
    },
  };
}

export function isUnderWay({ state, attempts }: Delivery): boolean {
  return state === "waiting" && attempts === 0;
}
