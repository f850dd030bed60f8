/* The customer's pages. What a page keeps in its address is checked here, so that links to it are typed. */

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { searchOfLedger } from "../features/credits/search";
import { searchOfLogs } from "../features/logs/search";
import { searchOfModels } from "../features/models/search";
import { searchOfSupport } from "../features/support/search";
import { searchOfUsage } from "../features/usage/search";
import { idIn, oneOf } from "../lib/search";
import { customerRoute } from "./roots";

const overview = createRoute({
  getParentRoute: () => customerRoute,
  path: "/",
  component: lazyRouteComponent(() => import("../features/overview/OverviewPage"), "OverviewPage"),
});

const start = createRoute({
  getParentRoute: () => customerRoute,
  path: "start",
  component: lazyRouteComponent(() => import("../features/start/StartPage"), "StartPage"),
});

const chat = createRoute({
  getParentRoute: () => customerRoute,
  path: "chat",
  component: lazyRouteComponent(() => import("../features/chat/ChatPage"), "ChatPage"),
});

const models = createRoute({
  getParentRoute: () => customerRoute,
  path: "models",
  validateSearch: searchOfModels,
  component: lazyRouteComponent(() => import("../features/models/ModelsPage"), "ModelsPage"),
});

const keys = createRoute({
  getParentRoute: () => customerRoute,
  path: "tokens",
  validateSearch: (search: Record<string, unknown>): { key?: string } => ({ key: idIn(search, "key") }),
  component: lazyRouteComponent(() => import("../features/keys/KeysPage"), "KeysPage"),
});

const webhooks = createRoute({
  getParentRoute: () => customerRoute,
  path: "webhooks",
  validateSearch: (search: Record<string, unknown>): { webhook?: string } => ({ webhook: idIn(search, "webhook") }),
  component: lazyRouteComponent(() => import("../features/webhooks/WebhooksPage"), "WebhooksPage"),
});

const logs = createRoute({
  getParentRoute: () => customerRoute,
  path: "logs",
  validateSearch: searchOfLogs,
  component: lazyRouteComponent(() => import("../features/logs/LogsPage"), "LogsPage"),
});

const usage = createRoute({
  getParentRoute: () => customerRoute,
  path: "usage",
  validateSearch: searchOfUsage,
  component: lazyRouteComponent(() => import("../features/usage/UsagePage"), "UsagePage"),
});

const credits = createRoute({
  getParentRoute: () => customerRoute,
  path: "credits",
  validateSearch: searchOfLedger,
  component: lazyRouteComponent(() => import("../features/credits/CreditsPage"), "CreditsPage"),
});

const recharge = createRoute({
  getParentRoute: () => customerRoute,
  path: "recharge",
  validateSearch: (search: Record<string, unknown>): { recharge?: string; outcome?: "paid" } => ({
    recharge: idIn(search, "recharge"),
    // Said by the way back from a checkout.
    outcome: oneOf(search, "outcome", ["paid"]),
  }),
  component: lazyRouteComponent(() => import("../features/recharge/RechargePage"), "RechargePage"),
});

const refunds = createRoute({
  getParentRoute: () => customerRoute,
  path: "refunds",
  component: lazyRouteComponent(() => import("../features/refunds/RefundsPage"), "RefundsPage"),
});

const support = createRoute({
  getParentRoute: () => customerRoute,
  path: "support",
  validateSearch: searchOfSupport,
  component: lazyRouteComponent(() => import("../features/support/SupportPage"), "SupportPage"),
});

const thread = createRoute({
  getParentRoute: () => customerRoute,
  path: "support/$request",
  component: lazyRouteComponent(() => import("../features/support/ThreadPage"), "ThreadPage"),
});

const settings = createRoute({
  getParentRoute: () => customerRoute,
  path: "settings",
  component: lazyRouteComponent(() => import("../features/settings/SettingsPage"), "SettingsPage"),
});

const settingsTab = createRoute({
  getParentRoute: () => customerRoute,
  path: "settings/$tab",
  component: lazyRouteComponent(() => import("../features/settings/SettingsPage"), "SettingsPage"),
});

const accept = createRoute({
  getParentRoute: () => customerRoute,
  path: "terms",
  component: lazyRouteComponent(() => import("../features/legal/AcceptPage"), "AcceptPage"),
});

export const customerRoutes = [
  overview,
  start,
  chat,
  models,
  keys,
  webhooks,
  logs,
  usage,
  credits,
  recharge,
  refunds,
  support,
  thread,
  settings,
  settingsTab,
  accept,
] as const;
