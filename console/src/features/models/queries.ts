/* What is on sale. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Item } from "../../api/types";

export type Model = Item<"/api/public/models">;

const FRESH_MS = 60_000;

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => ask(api.GET("/api/public/models", { signal })),
  staleTime: FRESH_MS,
});

export const offersQuery = queryOptions({
  queryKey: ["offers"],
  queryFn: ({ signal }) => ask(api.GET("/api/public/offers", { signal })),
  staleTime: FRESH_MS,
});

/** Names of models that chat; the first serves as an example. */
export function useChatModels(): readonly string[] {
  const models = useQuery(modelsQuery).data?.data ?? [];
  return models.filter(chats).map((model) => model.name);
}

/** Models without a list of tasks are taken for those that chat. */
export function chats(model: Model): boolean {
  return !model.stopped && (model.tasks.length === 0 || model.tasks.includes("chat"));
}
