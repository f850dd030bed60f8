/* The balance paid out, or moved to another account of one's own. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { paged } from "../../api/paged";
import type { Answer, Item } from "../../api/types";

export type Offer = Answer<"/api/withdrawals/offer">;
export type Withdrawal = Item<"/api/withdrawals">;

export const offerQuery = queryOptions({
  queryKey: ["withdrawals", "offer"],
  queryFn: ({ signal }) => ask(api.GET("/api/withdrawals/offer", { signal })),
});

export const withdrawalsQuery = paged<Withdrawal>(["withdrawals", "list"], (after, signal) =>
  ask(api.GET("/api/withdrawals", { params: { query: { after } }, signal })),
);
