/* Pages that need no session. */

import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { searchOfModels } from "../features/models/search";
import { textIn } from "../lib/search";
import { doorRoute, publicRoute, rootRoute } from "./roots";

const landing = createRoute({
  getParentRoute: () => publicRoute,
  path: "/",
  component: lazyRouteComponent(() => import("../features/landing/LandingPage"), "LandingPage"),
});

const models = createRoute({
  getParentRoute: () => publicRoute,
  path: "models",
  validateSearch: searchOfModels,
  component: lazyRouteComponent(() => import("../features/models/ModelsPage"), "ModelsPage"),
});

const quickStart = createRoute({
  getParentRoute: () => publicRoute,
  path: "quick-start",
  component: lazyRouteComponent(() => import("../features/quickstart/QuickStartPage"), "QuickStartPage"),
});

const status = createRoute({
  getParentRoute: () => publicRoute,
  path: "status",
  component: lazyRouteComponent(() => import("../features/status/StatusPage"), "StatusPage"),
});

const announcements = createRoute({
  getParentRoute: () => publicRoute,
  path: "announcements",
  component: lazyRouteComponent(() => import("../features/announcements/AnnouncementsPage"), "AnnouncementsPage"),
});

const terms = createRoute({
  getParentRoute: () => publicRoute,
  path: "terms",
  component: lazyRouteComponent(() => import("../features/legal/TermsPage"), "TermsPage"),
});

const privacy = createRoute({
  getParentRoute: () => publicRoute,
  path: "privacy",
  component: lazyRouteComponent(() => import("../features/legal/TextPages"), "PrivacyPage"),
});

const imprint = createRoute({
  getParentRoute: () => publicRoute,
  path: "imprint",
  component: lazyRouteComponent(() => import("../features/legal/TextPages"), "ImprintPage"),
});

const refundRules = createRoute({
  getParentRoute: () => publicRoute,
  path: "refund-rules",
  component: lazyRouteComponent(() => import("../features/legal/RefundRulesPage"), "RefundRulesPage"),
});

const contact = createRoute({
  getParentRoute: () => publicRoute,
  path: "contact",
  component: lazyRouteComponent(() => import("../features/contact/ContactPage"), "ContactPage"),
});

const signIn = createRoute({
  getParentRoute: () => doorRoute,
  path: "sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: textIn(search, "next") }),
  component: lazyRouteComponent(() => import("../features/session/SignInPage"), "SignInPage"),
});

const signUp = createRoute({
  getParentRoute: () => doorRoute,
  path: "sign-up",
  component: lazyRouteComponent(() => import("../features/signup/SignUpPage"), "SignUpPage"),
});

const verify = createRoute({
  getParentRoute: () => doorRoute,
  path: "verify-email",
  component: lazyRouteComponent(() => import("../features/signup/VerifyPage"), "VerifyPage"),
});

const forgotten = createRoute({
  getParentRoute: () => doorRoute,
  path: "forgot-password",
  component: lazyRouteComponent(() => import("../features/signup/ForgottenPage"), "ForgottenPage"),
});

const setPassword = createRoute({
  getParentRoute: () => doorRoute,
  path: "set-password",
  component: lazyRouteComponent(() => import("../features/signup/SetPasswordPage"), "SetPasswordPage"),
});

const invitation = createRoute({
  getParentRoute: () => doorRoute,
  path: "invitation",
  component: lazyRouteComponent(() => import("../features/signup/InvitationPage"), "InvitationPage"),
});

/** Where the way back from a provider elsewhere leads, when a sign-in there was linked. */
export const securityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "security",
  beforeLoad: ({ location }) => {
    throw redirect({ to: "/dashboard/settings/$tab", params: { tab: "security" }, hash: location.hash });
  },
});

export const publicRoutes = [
  landing,
  models,
  quickStart,
  status,
  announcements,
  terms,
  privacy,
  refundRules,
  imprint,
  contact,
] as const;
export const doorRoutes = [signIn, signUp, verify, forgotten, setPassword, invitation] as const;
