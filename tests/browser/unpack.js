// Takes apart what @sparticuz/chromium packs: node unpack.js FOLDER leaves the files there, archives as .tar.

import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const PACKED = join(import.meta.dirname, "node_modules", "@sparticuz", "chromium", "bin");

const folder = process.argv[2];
await mkdir(folder, { recursive: true });
for (const name of await readdir(PACKED)) {
  const plain = join(folder, name.replace(/\.br$/, ""));
  await pipeline(createReadStream(join(PACKED, name)), createBrotliDecompress(), createWriteStream(plain));
}
