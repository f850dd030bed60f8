/* Ids among the facts of a case, and where they lead. */

import { LinkAnchor } from "../../../components/links";

const LINKED = ["payment_id", "recharge_id", "dispute_id", "request_id", "jobs", "job_id", "same_mailbox", "same_device", "with"] as const;
type Linked = (typeof LINKED)[number];

export function isLinked(name: string): name is Linked {
  return LINKED.some((each) => each === name);
}

/** By the name that a late request's case gives its queue. */
const QUEUES: Readonly<Record<string, string>> = {
  adjustment: "adjustments",
  refund_request: "refunds",
  withdrawal: "withdrawals",
  closing: "closings",
};

/** `queue` is the one that a late request waits in. */
export function LinkedId({ name, id, queue }: { name: Linked; id: string; queue: unknown }) {
  const review = (to: string) => (
    <LinkAnchor to="/admin/review/$queue" params={{ queue: to }} search={{ item: id, all: true }}>
      {id}
    </LinkAnchor>
  );
  switch (name) {
    case "payment_id":
      return (
        <LinkAnchor to="/admin/operation/$area" params={{ area: "payments" }} search={{ payment: id }}>
          {id}
        </LinkAnchor>
      );
    case "recharge_id":
      return review("recharges");
    case "dispute_id":
      return review("disputes");
    case "request_id": {
      const to = QUEUES[String(queue)];
      if (to !== undefined) return review(to);
      return (
        <LinkAnchor to="/admin/support" search={{ item: id }}>
          {id}
        </LinkAnchor>
      );
    }
    case "jobs":
    case "job_id":
      return (
        <LinkAnchor to="/admin/jobs" search={{ job: id }}>
          {id}
        </LinkAnchor>
      );
    default:
      return (
        <LinkAnchor to="/admin/accounts/$account" params={{ account: id }}>
          {id}
        </LinkAnchor>
      );
  }
}
