/* What the address of the channels' list holds. */

import { flagIn, textIn } from "../../../lib/search";

export interface ChannelsSearch {
  /** The channel whose drawer is open. */
  channel?: string;
  /** The drawer of the providers' caps. */
  providers?: true;
}

export function searchOfChannels(search: Record<string, unknown>): ChannelsSearch {
  return { channel: textIn(search, "channel"), providers: flagIn(search, "providers") };
}
