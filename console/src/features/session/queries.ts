/* Who is signed in. */

import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer } from "../../api/types";

export type Session = Answer<"/api/session">;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => ask(api.GET("/api/session", { signal })),
  staleTime: 60_000,
  retry: false,
});

/** Names of the providers elsewhere that one can sign in here with; they change only with the deployment. */
export const providersQuery = queryOptions({
  queryKey: ["oidc"],
  queryFn: ({ signal }) => ask(api.GET("/api/session/oidc", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Whoever is signed in; only below the shells, which let in nobody else. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

export function mayManageKeys(session: Session): boolean {
  return session.role === "owner" || session.role === "developer";
}

export function mayManageMoney(session: Session): boolean {
  return session.role === "owner" || session.role === "billing";
}
