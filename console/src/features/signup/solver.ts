/* Works on a proof of work, away from the page, so that it does not stand still meanwhile. */

import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";
import type { Challenge } from "altcha-lib/types";

self.onmessage = async (message: MessageEvent<Challenge>) => {
  self.postMessage(await solveChallenge({ challenge: message.data, deriveKey }));
};
