/* Series by key or member carry ids; people know them by name. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { keysQuery } from "../keys/queries";
import { membersQuery } from "../settings/queries";
import type { UsageSearch } from "./search";

export function useNames(split: UsageSearch["split"]): (label: string) => string {
  const keys = useInfiniteQuery({ ...keysQuery, enabled: split === "key" }).data;
  const members = useQuery({ ...membersQuery, enabled: split === "member" }).data;
  const names = new Map<string, string>();
  for (const key of keys?.pages.flatMap((page) => page.data) ?? []) names.set(key.id, key.name || key.prefix);
  for (const member of members?.data ?? []) names.set(member.person_id, member.display_name || member.email);
  return (label) => names.get(label) ?? (split === "model" || split === undefined ? label : `…${label.slice(-8)}`);
}
