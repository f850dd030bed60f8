/* A person may belong to several accounts; a session looks at one of them. */

import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { endChatKey } from "../chat/chatKey";
import { personQuery } from "../settings/queries";
import { siteQuery } from "../site/queries";
import { tellOtherTabs } from "./otherTabs";
import { sessionQuery } from "./queries";

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
      tellOtherTabs("account");
      await onSwitched?.();
      await forgetAccount(cache);
    },
    onError: onFailure,
  });
}

/** What is of the person or of the site stays; all else goes, and what is on the page is read anew. */
function forgetAccount(cache: QueryClient): Promise<void> {
  const kept = [sessionQuery, personQuery, siteQuery].map(({ queryKey }) => queryKey[0] as unknown);
  return cache.resetQueries({ predicate: ({ queryKey }) => !kept.includes(queryKey[0]) });
}
