import type { NamedPage } from "./pages";

/** What the header of public pages leads to. */
export const PUBLIC_PAGES: readonly NamedPage[] = [
  { to: "/models", name: "models" },
  { to: "/quick-start", name: "quickStart" },
  { to: "/status", name: "status" },
];
