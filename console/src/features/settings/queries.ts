/* Oneself, the account and its members. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer, Item } from "../../api/types";

export type Security = Answer<"/api/security">;
export type Member = Item<"/api/members">;
export type Account = Answer<"/api/account">;

export const personQuery = queryOptions({
  queryKey: ["person"],
  queryFn: ({ signal }) => ask(api.GET("/api/person", { signal })),
});

export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ signal }) => ask(api.GET("/api/account", { signal })),
});

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) => ask(api.GET("/api/members", { signal })),
});

export const invitationsQuery = queryOptions({
  queryKey: ["members", "invitations"],
  queryFn: ({ signal }) => ask(api.GET("/api/members/invitations", { signal })),
});

export const securityQuery = queryOptions({
  queryKey: ["security"],
  queryFn: ({ signal }) => ask(api.GET("/api/security", { signal })),
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => ask(api.GET("/api/sessions", { signal })),
});

export const preferencesQuery = queryOptions({
  queryKey: ["notices", "preferences"],
  queryFn: ({ signal }) => ask(api.GET("/api/notices/preferences", { signal })),
});

export const watchQuery = queryOptions({
  queryKey: ["notices", "watch"],
  queryFn: ({ signal }) => ask(api.GET("/api/notices/watch", { signal })),
});

export const closingQuery = queryOptions({
  queryKey: ["closing"],
  queryFn: ({ signal }) => ask(api.GET("/api/closing", { signal })),
  retry: false,
});
