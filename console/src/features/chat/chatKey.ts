/* The chat calls the API like any program, with a key of its own that is over after two hours. */

import { api, ask } from "../../api/client";
import { blankKey } from "../keys/settings";

const KEPT_AS = "farebox.chat_key";
const LASTS_MS = 2 * 3_600_000;
const SPARE_MS = 60_000;

interface ChatKey {
  account: string;
  id: string;
  secret: string;
  endsAt: number;
}

/** The key of this browser for the account; made when there is none. */
export async function chatKey(account: string, name: string): Promise<string> {
  const kept = remembered();
  if (kept !== null && kept.account === account && kept.endsAt > Date.now() + SPARE_MS) return kept.secret;
  const endsAt = Date.now() + LASTS_MS;
  const body = { ...blankKey("live"), name, expires_at: new Date(endsAt).toISOString() };
  const { key, secret } = await ask(api.POST("/api/keys", { body }));
  localStorage.setItem(KEPT_AS, JSON.stringify({ account, id: key.id, secret, endsAt } satisfies ChatKey));
  return secret;
}

/** Forgets the key, such as one that was revoked; gives its id. */
export function forgetChatKey(): string | null {
  const kept = remembered();
  localStorage.removeItem(KEPT_AS);
  return kept?.id ?? null;
}

/** Ends the key, before whoever is at this browser goes, or turns to another account. */
export async function endChatKey(): Promise<void> {
  const id = forgetChatKey();
  if (id !== null) await api.POST("/api/keys/{key_id}/revoke", { params: { path: { key_id: id } } });
}

function remembered(): ChatKey | null {
  const kept = localStorage.getItem(KEPT_AS);
  return kept === null ? null : (JSON.parse(kept) as ChatKey);
}
