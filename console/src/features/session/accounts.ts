/* A person may belong to several accounts; a session looks at one of them. */

import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, ask, randomId } from "../../api/client";
import type { Answer } from "../../api/types";
import { endChatKey } from "../chat/chatKey";
import { personQuery } from "../settings/queries";
import { siteQuery } from "../site/queries";
import { sessionQuery } from "./queries";

const TOLD_BY = "farebox.account";
// What a tab tells comes back to itself, too.
const THIS_TAB = randomId();

export type Membership = Answer<"/api/person">["memberships"][number];

interface Switching {
  /** What is done before the page is read anew. */
  onSwitched?: () => Promise<void>;
  onFailure?: (failure: Error) => void;
}

/** Turns to another of one's accounts: from then on nothing that was read of the one before is shown. */
export function useSwitchAccount({ onSwitched, onFailure }: Switching = {}) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (account_id: string) => {
      await endChatKey().catch(() => undefined);
      return ask(api.POST("/api/session/account", { body: { account_id } }));
    },
    onSuccess: async (session) => {
      cache.setQueryData(sessionQuery.queryKey, session);
      tellOtherTabs();
      await onSwitched?.();
      await forgetAccount(cache);
    },
    onError: onFailure,
  });
}

/** Other tabs of this browser have the same session: what they show is of the account before, so they begin anew. */
export function useAccountOfOtherTabs(): void {
  useEffect(() => {
    const channel = new BroadcastChannel(TOLD_BY);
    channel.onmessage = ({ data }: MessageEvent<string>) => {
      if (data !== THIS_TAB) location.assign("/dashboard");
    };
    return () => channel.close();
  }, []);
}

function tellOtherTabs(): void {
  const channel = new BroadcastChannel(TOLD_BY);
  channel.postMessage(THIS_TAB);
  channel.close();
}

/** What is of the person or of the site stays; all else goes, and what is on the page is read anew. */
function forgetAccount(cache: QueryClient): Promise<void> {
  const kept = [sessionQuery, personQuery, siteQuery].map(({ queryKey }) => queryKey[0] as unknown);
  return cache.resetQueries({ predicate: ({ queryKey }) => !kept.includes(queryKey[0]) });
}
