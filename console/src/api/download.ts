/* Files that the API makes: how far one has come can be told, and why there is none. */

import { Problem, Unreachable } from "./problem";
import { refusal } from "./refusal";

interface Asked {
  path: string;
  /** What kind of file is expected. */
  accept: string;
  /** What is posted; without it the file is got. */
  body?: unknown;
}

/** All of the file. Throws Problem when the API refused, Unreachable when it broke off; long ones may take their time. */
export async function download({ path, accept, body }: Asked, tell: (bytes: number) => void): Promise<Blob> {
  const posted = { method: "POST", body: JSON.stringify(body) };
  const headers = { accept, ...(body !== undefined && { "content-type": "application/json" }) };
  try {
    const response = await fetch(path, { headers, ...(body !== undefined && posted) });
    if (!response.ok) throw await refusal(await response.json().catch(() => null), response);
    return new Blob(await pieces(response, tell), { type: accept });
  } catch (failure) {
    if (failure instanceof Problem) throw failure;
    throw new Unreachable();
  }
}

async function pieces(response: Response, tell: (bytes: number) => void): Promise<BlobPart[]> {
  const reader = response.body?.getReader();
  if (reader === undefined) return [];
  const found: BlobPart[] = [];
  let bytes = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    found.push(read.value);
    bytes += read.value.byteLength;
    tell(bytes);
  }
  return found;
}
