/* Customers' pages that the palette leads to; the operator's are in features/admin/pages. */

import type { LinkProps } from "@tanstack/react-router";
import type { messages } from "./messages";

export interface NamedPage {
  to: LinkProps["to"];
  name: keyof typeof messages;
}

export const CUSTOMER_PAGES: readonly NamedPage[] = [
  { to: "/dashboard", name: "overview" },
  { to: "/dashboard/chat", name: "chat" },
  { to: "/models", name: "models" },
  { to: "/dashboard/tokens", name: "keys" },
  { to: "/dashboard/webhooks", name: "webhooks" },
  { to: "/dashboard/logs", name: "logs" },
  { to: "/dashboard/usage", name: "usage" },
  { to: "/dashboard/credits", name: "credits" },
  { to: "/dashboard/recharge", name: "recharge" },
  { to: "/dashboard/refunds", name: "refunds" },
  { to: "/dashboard/support", name: "support" },
  { to: "/dashboard/settings", name: "settings" },
];
