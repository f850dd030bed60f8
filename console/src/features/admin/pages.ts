/* The operator's pages by their groups in the rail; the palette leads to the same. */

import type { LinkProps } from "@tanstack/react-router";
import { permits, type Scope } from "../../lib/scopes";
import type { messages } from "./messages";
import { AREA_NEEDS } from "./operation/scopes";
import { QUEUE_NEEDS } from "./review/scopes";

export interface OperatorPage {
  to: LinkProps["to"];
  name: keyof typeof messages;
  /** Any of these opens it. */
  scopes: readonly Scope[];
}

const READING_QUEUES = Object.values(QUEUE_NEEDS).map((each) => each.read);
const READING_AREAS = Object.values(AREA_NEEDS).map((each) => each.read);

export const OPERATOR_GROUPS = {
  watch: [
    { to: "/admin", name: "overview", scopes: ["accounts:read"] },
    { to: "/admin/jobs", name: "jobs", scopes: ["money:read"] },
  ],
  people: [
    { to: "/admin/review", name: "review", scopes: READING_QUEUES },
    { to: "/admin/support", name: "support", scopes: ["support:read"] },
    { to: "/admin/accounts", name: "accounts", scopes: ["accounts:read"] },
  ],
  supply: [
    { to: "/admin/channels", name: "channels", scopes: ["catalogue:read"] },
    { to: "/admin/models", name: "models", scopes: ["catalogue:read"] },
    { to: "/admin/operation", name: "settings", scopes: READING_AREAS },
  ],
} as const satisfies Partial<Record<keyof typeof messages, readonly OperatorPage[]>>;

export const OPERATOR_PAGES: readonly OperatorPage[] = Object.values(OPERATOR_GROUPS).flat();

export function mayOpen(held: readonly string[], page: OperatorPage): boolean {
  return page.scopes.some((scope) => permits(held, scope));
}
