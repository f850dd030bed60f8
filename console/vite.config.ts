import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const COMPRESSED = /\.(js|css|svg)$/;

/** Leaves .br and .gz beside each text file, so that the server never compresses. */
function precompress(): Plugin {
  let folder = "";
  return {
    name: "farebox-precompress",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    async closeBundle() {
      const names = await readdir(folder, { recursive: true });
      await Promise.all(
        names
          .filter((name) => COMPRESSED.test(name))
          .map(async (name) => {
            const path = join(folder, name);
            const plain = await readFile(path);
            const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
            await writeFile(`${path}.br`, await promisify(brotliCompress)(plain, options));
            await writeFile(`${path}.gz`, await promisify(gzip)(plain, { level: 9 }));
          }),
      );
    },
  };
}

// `npm run dev` shows these sources against a running server: FAREBOX_URL, or `make run` on its usual port.
const server = process.env["FAREBOX_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    outDir: process.env["FAREBOX_CONSOLE_OUT"] ?? "dist",
    emptyOutDir: true,
    sourcemap: false,
    target: "es2022",
    // A font or picture inside of CSS would need data: in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
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
