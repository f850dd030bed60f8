/* What the pages that people open first are made of, and which answers of the API they ask for at once. */

/** `files` below src: the rest follows from their imports. In `asks`, {language} is that of the reader. */
interface Opening {
  files: readonly string[];
  asks: readonly string[];
}

const SITE = "/api/public/site";
const PUBLIC = [SITE, "/api/session", "/api/public/announcements?language={language}", "/api/public/offers"];
const CUSTOMER = [...PUBLIC, "/api/overview", "/api/account"];
const OPERATOR = [SITE, "/api/session", "/admin/stop"];

/** By path; "/area/*" stands for all pages below that have no line of their own. */
export const OPENINGS: Readonly<Record<string, Opening>> = {
  "/": open("PublicShell", "landing/LandingPage", PUBLIC, "/api/public/models"),
  "/models": open("PublicShell", "models/ModelsPage", PUBLIC, "/api/public/models"),
  "/quick-start": open("PublicShell", "quickstart/QuickStartPage", PUBLIC, "/api/public/models"),
  "/status": open("PublicShell", "status/StatusPage", PUBLIC, "/api/public/status"),
  "/announcements": open("PublicShell", "announcements/AnnouncementsPage", PUBLIC),
  "/terms": open("PublicShell", "legal/TermsPage", PUBLIC, "/api/public/terms?language={language}"),
  "/privacy": open("PublicShell", "legal/TextPages", PUBLIC, "/api/public/texts/privacy?language={language}"),
  "/refund-rules": open(
    "PublicShell",
    "legal/RefundRulesPage",
    PUBLIC,
    "/api/public/texts/refund_rules?language={language}",
    "/api/public/refund-rules",
  ),
  "/imprint": open("PublicShell", "legal/TextPages", PUBLIC, "/api/public/texts/imprint?language={language}"),
  "/contact": open("PublicShell", "contact/ContactPage", PUBLIC),
  "/sign-in": open("DoorShell", "session/SignInPage", [SITE, "/api/session", "/api/session/oidc"]),
  "/sign-up": open("DoorShell", "signup/SignUpPage", [SITE, "/api/sign-up"]),
  "/*": { files: [], asks: [SITE] },
  "/dashboard": open("CustomerShell", "overview/OverviewPage", CUSTOMER),
  "/dashboard/start": open("CustomerShell", "start/StartPage", CUSTOMER, "/api/public/models"),
  "/dashboard/models": open("CustomerShell", "models/ModelsPage", CUSTOMER, "/api/public/models"),
  "/dashboard/chat": open("CustomerShell", "chat/ChatPage", CUSTOMER, "/api/public/models"),
  "/dashboard/tokens": open("CustomerShell", "keys/KeysPage", CUSTOMER),
  "/dashboard/logs": open("CustomerShell", "logs/LogsPage", CUSTOMER),
  "/dashboard/usage": open("CustomerShell", "usage/UsagePage", CUSTOMER),
  "/dashboard/credits": open("CustomerShell", "credits/CreditsPage", CUSTOMER),
  "/dashboard/recharge": open("CustomerShell", "recharge/RechargePage", CUSTOMER),
  "/dashboard/*": { files: ["app/CustomerShell.tsx"], asks: CUSTOMER },
  "/admin": open("AdminShell", "admin/overview/OverviewPage", OPERATOR, "/admin/overview"),
  "/admin/*": { files: ["app/AdminShell.tsx"], asks: OPERATOR },
};

function open(shell: string, page: string, asks: readonly string[], ...more: readonly string[]): Opening {
  return { files: [`app/${shell}.tsx`, `features/${page}.tsx`], asks: [...asks, ...more] };
}
