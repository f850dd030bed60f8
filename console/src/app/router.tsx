/* The route tree, put together. */

import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { Waiting } from "../components/Waiting";
import { adminRoutes } from "./adminRoutes";
import { BrokenPage } from "./BrokenPage";
import { customerRoutes } from "./customerRoutes";
import { MissingPage } from "./MissingPage";
import { doorRoutes, publicRoutes, securityRoute } from "./publicRoutes";
import { adminRoute, customerRoute, doorRoute, publicRoute, rootRoute } from "./roots";

const routeTree = rootRoute.addChildren([
  securityRoute,
  publicRoute.addChildren([...publicRoutes]),
  doorRoute.addChildren([...doorRoutes]),
  customerRoute.addChildren([...customerRoutes]),
  adminRoute.addChildren([...adminRoutes]),
]);

export function createConsoleRouter(cache: QueryClient) {
  return createRouter({
    routeTree,
    context: { cache },
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultPendingComponent: Waiting,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: MissingPage,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
