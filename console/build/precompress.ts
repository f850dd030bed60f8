/* What the server never has to do: files are compressed once, as well as they can be. */

import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSED = /\.(js|css|svg)$/;

/** Leaves .br and .gz beside each text file. */
export function precompress(): Plugin {
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
            const options = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
            await writeFile(`${path}.br`, await promisify(brotliCompress)(plain, options));
            await writeFile(`${path}.gz`, await promisify(gzip)(plain, { level: 9 }));
          }),
      );
    },
  };
}
