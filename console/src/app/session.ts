/* Doors of the router: who is let in, and where to everybody else is sent. */

import type { QueryClient } from "@tanstack/react-query";
import { redirect } from "@tanstack/react-router";
import { isCode } from "../api/problem";
import { sessionQuery, type Session } from "../features/session/queries";

/** Whoever is signed in; everybody else is sent to sign in, and comes back afterwards. */
export async function signedIn(cache: QueryClient, href: string): Promise<Session> {
  try {
    return await cache.query({ ...sessionQuery, staleTime: "static" });
  } catch (failure) {
    if (isCode(failure, "not_signed_in")) throw redirect({ to: "/sign-in", search: { next: href } });
    throw failure;
  }
}
