import react from "@vitejs/plugin-react";
import type { Rolldown } from "vite";
import { defineConfig } from "vitest/config";
import { mantineStyles } from "./build/mantineStyles.ts";
import { opening } from "./build/opening.ts";
import { precompress } from "./build/precompress.ts";

// A browser fetches six files at a time, and each further turn is a round trip: few files, by when they are needed. A group
// takes along what its modules import, so the one that everybody needs comes first.
const CHUNKS: Rolldown.CodeSplittingGroup[] = [
  { name: "base", priority: 5, tags: ["$initial"] },
  // The landing page and the door, then all that is open to everybody.
  { name: "front", priority: 4, test: /src.(app.(PublicShell|DoorShell)|features.(landing.LandingPage|session.SignInPage))/ },
  { name: "public", priority: 3, test: /src.features.(announcements|legal|models|quickstart|status).\w+Page\.tsx$/ },
  // What pages behind the door share. Charts and Markdown stay with those who show them.
  {
    name: "kit",
    priority: 2,
    minShareCount: 2,
    test: /@mantine.(core|hooks)|@floating-ui|@tabler|@tanstack|src.(api|app|components|lib|features.logs)|src.features.(?!admin).*\.ts$/,
  },
  { name: "desk", priority: 1, minShareCount: 2, test: /src.features.admin.*\.ts$/ },
];

// `npm run dev` shows these sources against a running server: FAREBOX_URL, or `make run` on its usual port.
const server = process.env["FAREBOX_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), mantineStyles(), opening(), precompress()],
  build: {
    outDir: process.env["FAREBOX_CONSOLE_OUT"] ?? "dist",
    emptyOutDir: true,
    sourcemap: false,
    target: "es2022",
    // light-dark() stays as it is: what it would be turned into knows nothing of the scheme that Mantine sets.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // A font or picture inside of CSS would need data: in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
  },
  server: {
    proxy: {
      "^/(api|v1|v1beta|webhooks|openapi.json|payments)(/|$|\\?)": { target: server, changeOrigin: true },
      "^/admin/": {
        target: server,
        changeOrigin: true,
        // Pages and the operator's API share these paths: who asks for HTML wants the page.
        bypass: (request) => (request.headers.accept?.includes("text/html") ? "/index.html" : undefined),
      },
    },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
