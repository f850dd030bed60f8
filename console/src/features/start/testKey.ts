/* The test key of the first visit. This tab remembers its secret, so that a reload does not cost it. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { useText } from "../../lib/i18n";
import { keysQuery } from "../keys/queries";
import { blankKey } from "../keys/settings";
import { useSession } from "../session/queries";
import { messages } from "./messages";

const KEPT_AS = "farebox.test_key";

interface TestKey {
  account: string | null;
  id: string;
  secret: string;
}

export function useTestKey() {
  const t = useText(messages);
  const cache = useQueryClient();
  const account = useSession().account_id;
  const [known, setKnown] = useState(() => remembered(account));
  const make = useMutation({
    mutationFn: () => ask(api.POST("/api/keys", { body: { ...blankKey("test"), name: t("keyName") } })),
    onSuccess: ({ key, secret }) => {
      const made = { account, id: key.id, secret };
      sessionStorage.setItem(KEPT_AS, JSON.stringify(made));
      setKnown(made);
      return cache.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  return { known, make };
}

function remembered(account: string | null): TestKey | null {
  const kept = sessionStorage.getItem(KEPT_AS);
  if (kept === null) return null;
  const key = JSON.parse(kept) as TestKey;
  // Another person may have signed in in this tab since.
  return key.account === account ? key : null;
}
