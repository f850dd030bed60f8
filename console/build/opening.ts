/* opening.json: what control/opening.py puts into the head of a page, so that no browser has to find it out by and by. */

import { join } from "node:path";
import type { Plugin, Rolldown } from "vite";
import { OPENINGS } from "./pages.ts";

export function opening(): Plugin {
  let sources = "";
  return {
    name: "farebox-opening",
    apply: "build",
    configResolved(config) {
      sources = join(config.root, "src");
    },
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
      const entry = chunks.find((chunk) => chunk.isEntry);
      if (entry === undefined) throw new Error("The build has no entry");
      // These stand in index.html already.
      const first = new Set(reached(entry, bundle));
      const plan = Object.entries(OPENINGS).map(([path, { files, asks }]) => {
        const found = files.map((file) => holder(chunks, join(sources, file)));
        const needed = new Set(found.flatMap((chunk) => reached(chunk, bundle)));
        return [path, { files: [...needed].filter((file) => !first.has(file)).map((file) => `/${file}`), asks }];
      });
      this.emitFile({ type: "asset", fileName: "opening.json", source: JSON.stringify(Object.fromEntries(plan)) });
    },
  };
}

function holder(chunks: readonly Rolldown.OutputChunk[], source: string): Rolldown.OutputChunk {
  const found = chunks.find((chunk) => chunk.moduleIds.includes(source));
  if (found === undefined) throw new Error(`build/pages.ts names ${source}, which is in no chunk`);
  return found;
}

/** The scripts and styles that have to be there before a chunk can run. */
function reached(chunk: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle, seen = new Set<string>()): string[] {
  if (seen.has(chunk.fileName)) return [];
  seen.add(chunk.fileName);
  const imported = chunk.imports.map((name) => bundle[name]).filter((each) => each?.type === "chunk");
  const styles = chunk.viteMetadata?.importedCss ?? [];
  return [chunk.fileName, ...styles, ...imported.flatMap((each) => reached(each, bundle, seen))];
}
