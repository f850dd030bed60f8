/* What the address of the channels' list holds. */

import { textIn } from "../../../lib/search";

export interface ChannelsSearch {
  /** The channel whose drawer is open. */
  channel?: string;
}

export function searchOfChannels(search: Record<string, unknown>): ChannelsSearch {
  return { channel: textIn(search, "channel") };
}
