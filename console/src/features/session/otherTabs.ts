/* The tabs of a browser share one session: who signs in, signs out or turns to another account in one, does so in all. */

import { useEffect } from "react";
import { randomId } from "../../api/client";

type Change = "session" | "account";

interface Told {
  change: Change;
  by: string;
}

const CHANNEL = "farebox.session";
// What a tab tells comes back to itself, too.
const THIS_TAB = randomId();

export function tellOtherTabs(change: Change): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ change, by: THIS_TAB } satisfies Told);
  channel.close();
}

/** What the page shows is of whoever it was read for: it begins anew, and of another account on its first page. */
export function useOtherTabs(area: "customer" | "operator"): void {
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data.by === THIS_TAB) return;
      if (data.change === "session") location.reload();
      else if (area === "customer") location.assign("/dashboard");
    };
    return () => channel.close();
  }, [area]);
}
