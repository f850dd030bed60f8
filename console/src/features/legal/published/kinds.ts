/* What an operator publishes beside the terms, and where it is read. */

import type { Site } from "../../site/queries";

export type TextKind = Site["texts"][number];

export const TEXT_PAGES = [
  { kind: "privacy", to: "/privacy" },
  { kind: "refund_rules", to: "/refund-rules" },
  { kind: "imprint", to: "/imprint" },
] as const satisfies readonly { kind: TextKind; to: string }[];
