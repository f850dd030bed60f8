/* Channels, and the presets that know most of one. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import type { Answer, Body, Item } from "../../../api/types";

export type ChannelLine = Item<"/admin/channels">;
export type Channel = Answer<"/admin/channels/{name}">;
export type Preset = Item<"/admin/channels/presets">;
export type NewChannel = Body<"/admin/channels">;
export type Provider = Item<"/admin/providers">;
export type Caps = Channel["caps"];

const AGAIN_MS = 15_000;

export const channelsQuery = queryOptions({
  queryKey: ["admin", "channels"],
  queryFn: ({ signal }) => ask(api.GET("/admin/channels", { signal })),
  refetchInterval: AGAIN_MS,
});

export const providersQuery = queryOptions({
  queryKey: ["admin", "providers"],
  queryFn: ({ signal }) => ask(api.GET("/admin/providers", { signal })),
});

export const presetsQuery = queryOptions({
  queryKey: ["admin", "presets"],
  queryFn: ({ signal }) => ask(api.GET("/admin/channels/presets", { signal })),
  staleTime: Infinity,
});

export function channelQuery(name: string) {
  return queryOptions({
    queryKey: ["admin", "channel", name],
    queryFn: ({ signal }) => ask(api.GET("/admin/channels/{name}", { params: { path: { name } }, signal })),
  });
}
