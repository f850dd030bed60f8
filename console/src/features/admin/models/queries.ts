/* Models as they are sold, and their prices over time. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import type { Answer, Body, Item } from "../../../api/types";

export type Model = Item<"/admin/models">;
export type NewModel = Body<"/admin/models">;
export type ModelChange = Body<"/admin/models/{name}", "put">;
export type Route = ModelChange["routes"][number];
export type Rates = Body<"/admin/prices">["rates"];
export type PerToken = Extract<Rates, { kind: "per_token" }>;
export type PerCall = Extract<Rates, { kind: "per_call" }>;
export type Version = Answer<"/admin/prices">["data"][number];
export type Effect = Answer<"/admin/prices/preview", "post">;

export const modelsQuery = queryOptions({
  queryKey: ["admin", "models"],
  queryFn: ({ signal }) => ask(api.GET("/admin/models", { signal })),
});

export function modelQuery(name: string) {
  return queryOptions({
    queryKey: ["admin", "model", name],
    queryFn: ({ signal }) => ask(api.GET("/admin/models/{name}", { params: { path: { name } }, signal })),
  });
}

export function pricesQuery(model: string) {
  return queryOptions({
    queryKey: ["admin", "prices", model],
    queryFn: ({ signal }) => ask(api.GET("/admin/prices", { params: { query: { model } }, signal })),
  });
}
