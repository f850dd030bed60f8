/* The operator's pages by their groups in the rail; the palette leads to the same. */

import type { LinkProps } from "@tanstack/react-router";
import type { messages } from "./messages";

export interface OperatorPage {
  to: LinkProps["to"];
  name: keyof typeof messages;
}

export const OPERATOR_GROUPS = {
  watch: [
    { to: "/admin", name: "overview" },
    { to: "/admin/jobs", name: "jobs" },
  ],
  people: [
    { to: "/admin/review", name: "review" },
    { to: "/admin/support", name: "support" },
    { to: "/admin/accounts", name: "accounts" },
  ],
  supply: [
    { to: "/admin/channels", name: "channels" },
    { to: "/admin/models", name: "models" },
    { to: "/admin/operation", name: "settings" },
  ],
} as const satisfies Partial<Record<keyof typeof messages, readonly OperatorPage[]>>;

export const OPERATOR_PAGES: readonly OperatorPage[] = Object.values(OPERATOR_GROUPS).flat();
