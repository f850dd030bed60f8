/* The operator's pages. What a page keeps in its address is checked here, so that links to it are typed. */

import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { AREA_NEEDS } from "../features/admin/operation/scopes";
import { searchOfAccounts } from "../features/admin/accounts/search";
import { searchOfChannels } from "../features/admin/channels/search";
import { searchOfJobs } from "../features/admin/jobs/search";
import { AREAS, searchOfOperation } from "../features/admin/operation/search";
import { mayOpen, OPERATOR_PAGES } from "../features/admin/pages";
import { QUEUE_NEEDS } from "../features/admin/review/scopes";
import { QUEUES, searchOfReview } from "../features/admin/review/search";
import { searchOfSupportQueue } from "../features/admin/support/search";
import { permits } from "../lib/scopes";
import { adminRoute } from "./roots";

const overview = createRoute({
  getParentRoute: () => adminRoute,
  path: "/",
  // Whoever may not see it begins with the first page that is theirs.
  beforeLoad: ({ context }) => {
    const first = OPERATOR_PAGES.find((page) => mayOpen(context.scopes, page));
    if (first !== undefined && first.to !== "/admin") throw redirect({ to: first.to });
  },
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
  beforeLoad: ({ context }) => {
    const queue = QUEUES.find((each) => permits(context.scopes, QUEUE_NEEDS[each].read)) ?? "recharges";
    throw redirect({ to: "/admin/review/$queue", params: { queue } });
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
  beforeLoad: ({ context }) => {
    const area = AREAS.find((each) => permits(context.scopes, AREA_NEEDS[each].read)) ?? "announcements";
    throw redirect({ to: "/admin/operation/$area", params: { area } });
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
