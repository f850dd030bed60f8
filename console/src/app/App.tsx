/* Everything that all pages share, from the outside in. */

import { MantineProvider } from "@mantine/core";
import { useNotifications } from "@mantine/notifications";
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { createCache } from "../api/cache";
import { UnitContext } from "../components/unit";
import { ProofProvider } from "../features/session/proof";
import { sessionQuery } from "../features/session/queries";
import { siteQuery } from "../features/site/queries";
import { LanguageProvider } from "../lib/i18n";
import { nonce } from "./nonce";
import { createConsoleRouter } from "./router";
import { theme, variables } from "./theme";

const NoticeArea = lazy(() => import("./NoticeArea"));
const cache = createCache(goSignIn);
const router = createConsoleRouter(cache);

/** A session that ended while somebody was at work: sign in, and come back to the same place. */
function goSignIn(): void {
  cache.removeQueries({ queryKey: sessionQuery.queryKey });
  const { pathname, href } = router.state.location;
  if (!/^\/(dashboard|admin)(\/|$)/.test(pathname)) return;
  void router.navigate({ to: "/sign-in", search: { next: href } });
}

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={nonce}
    >
      <LanguageProvider>
        <QueryClientProvider client={cache}>
          <UnitOfAccount>
            <ProofProvider>
              <RouterProvider router={router} />
            </ProofProvider>
            <Notices />
          </UnitOfAccount>
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}

function UnitOfAccount({ children }: { children: ReactNode }) {
  return <UnitContext.Provider value={useQuery(siteQuery).data?.unit}>{children}</UnitContext.Provider>;
}

/** Loaded with the first notice: none of them belongs to the first sight of a page. */
function Notices() {
  const { notifications } = useNotifications();
  const [isNeeded, setNeeded] = useState(false);
  if (notifications.length > 0 && !isNeeded) setNeeded(true);
  if (!isNeeded) return null;
  return (
    <Suspense>
      <NoticeArea />
    </Suspense>
  );
}
