/* One cache for everything that was read, and what a lost session or a dead network means for all of it. */

import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isCode, Problem } from "./problem";

const FRESH_MS = 15_000;
const MOST_TRIES = 2;

/** `onSignedOut` is told when the API no longer knows who is asking. */
export function createCache(onSignedOut: () => void): QueryClient {
  const look = (failure: unknown) => {
    if (isCode(failure, "not_signed_in")) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: look }),
    mutationCache: new MutationCache({ onError: look }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        // What the API refused it refuses again; only silence and its own failures are worth another try.
        retry: (failed, failure) => failed < MOST_TRIES && !(failure instanceof Problem && failure.status < 500),
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
