/* The operator's pages. What a page keeps in its address is checked here, so that links to it are typed. */

import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { searchOfAccounts } from "../features/admin/accounts/search";
import { searchOfChannels } from "../features/admin/channels/search";
import { searchOfJobs } from "../features/admin/jobs/search";
import { searchOfOperation } from "../features/admin/operation/search";
import { searchOfReview } from "../features/admin/review/search";
import { searchOfSupportQueue } from "../features/admin/support/search";
import { adminRoute } from "./roots";

const overview = createRoute({
  getParentRoute: () => adminRoute,
  path: "/",
  component: lazyRouteComponent(() => import("../features/admin/overview/OverviewPage"), "OverviewPage"),
});

const jobs = createRoute({
  getParentRoute: () => adminRoute,
  path: "jobs",
  validateSearch: searchOfJobs,
  component: lazyRouteComponent(() => import("../features/admin/jobs/JobsPage"), "JobsPage"),
});

const accounts = createRoute({
  getParentRoute: () => adminRoute,
  path: "accounts",
  validateSearch: searchOfAccounts,
  component: lazyRouteComponent(() => import("../features/admin/accounts/AccountsPage"), "AccountsPage"),
});

const account = createRoute({
  getParentRoute: () => adminRoute,
  path: "accounts/$account",
  component: lazyRouteComponent(() => import("../features/admin/accounts/AccountPage"), "AccountPage"),
});

const reviews = createRoute({
  getParentRoute: () => adminRoute,
  path: "review",
  beforeLoad: () => {
    throw redirect({ to: "/admin/review/$queue", params: { queue: "recharges" } });
  },
});

const review = createRoute({
  getParentRoute: () => adminRoute,
  path: "review/$queue",
  validateSearch: searchOfReview,
  component: lazyRouteComponent(() => import("../features/admin/review/ReviewPage"), "ReviewPage"),
});

const support = createRoute({
  getParentRoute: () => adminRoute,
  path: "support",
  validateSearch: searchOfSupportQueue,
  component: lazyRouteComponent(() => import("../features/admin/support/SupportQueuePage"), "SupportQueuePage"),
});

const channels = createRoute({
  getParentRoute: () => adminRoute,
  path: "channels",
  validateSearch: searchOfChannels,
  component: lazyRouteComponent(() => import("../features/admin/channels/ChannelsPage"), "ChannelsPage"),
});

const models = createRoute({
  getParentRoute: () => adminRoute,
  path: "models",
  component: lazyRouteComponent(() => import("../features/admin/models/ModelsPage"), "ModelsPage"),
});

const model = createRoute({
  getParentRoute: () => adminRoute,
  path: "models/$model",
  component: lazyRouteComponent(() => import("../features/admin/models/ModelPage"), "ModelPage"),
});

const operations = createRoute({
  getParentRoute: () => adminRoute,
  path: "operation",
  beforeLoad: () => {
    throw redirect({ to: "/admin/operation/$area", params: { area: "announcements" } });
  },
});

const operation = createRoute({
  getParentRoute: () => adminRoute,
  path: "operation/$area",
  validateSearch: searchOfOperation,
  component: lazyRouteComponent(() => import("../features/admin/operation/OperationPage"), "OperationPage"),
});

export const adminRoutes = [
  overview,
  jobs,
  accounts,
  account,
  reviews,
  review,
  support,
  channels,
  models,
  model,
  operations,
  operation,
] as const;
