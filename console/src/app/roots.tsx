/* The trunk of the route tree: pages for everybody, doors, the customer's area and the operator's. */

import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { siteQuery } from "../features/site/queries";
import { signedIn } from "./session";

interface Context {
  cache: QueryClient;
}

export const rootRoute = createRootRouteWithContext<Context>()({
  component: Outlet,
  // Pages show names and units with the first paint if they can; without them they show all the same.
  beforeLoad: ({ context }) => void context.cache.query(siteQuery).catch(() => undefined),
});

/** Everybody: landing, models and prices, status, texts. */
export const publicRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "public",
  component: lazyRouteComponent(() => import("./PublicShell"), "PublicShell"),
});

/** Doors: signing in and up, links of mails. */
export const doorRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "door",
  component: lazyRouteComponent(() => import("./DoorShell"), "DoorShell"),
});

/** The customer's area. */
export const customerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "dashboard",
  beforeLoad: async ({ context, location }) => {
    const session = await signedIn(context.cache, location.href);
    // Whoever only operates has no account to look at.
    if (session.account_id === null && session.scopes.length > 0) throw redirect({ to: "/admin" });
  },
  component: lazyRouteComponent(() => import("./CustomerShell"), "CustomerShell"),
});

/** The operator's area. To everybody else there is no such page. */
export const adminRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "admin",
  beforeLoad: async ({ context, location }) => {
    const session = await signedIn(context.cache, location.href);
    if (session.scopes.length === 0) throw redirect({ to: "/dashboard" });
    return { scopes: session.scopes };
  },
  component: lazyRouteComponent(() => import("./AdminShell"), "AdminShell"),
});
