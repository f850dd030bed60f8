/* Everything that waits for an operator's decision. Each queue is a list and a detail side by side. */

import { Select, Tabs } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { Page } from "../../../components/Page";
import { useText } from "../../../lib/i18n";
import { useMay } from "../../session/scopes";
import { messages as words } from "../messages";
import { Writing } from "../Writing";
import { AdjustmentQueue } from "./AdjustmentQueue";
import { ApprovalQueue } from "./ApprovalQueue";
import { CaseQueue } from "./CaseQueue";
import { ClosingQueue } from "./ClosingQueue";
import { DisputeQueue } from "./DisputeQueue";
import { KeyHint } from "./KeyHint";
import { messages } from "./messages";
import { RechargeQueue } from "./RechargeQueue";
import { RiskQueue } from "./RiskQueue";
import { RefundQueue } from "./RefundQueue";
import { QUEUE_NEEDS } from "./scopes";
import { isQueue, QUEUES, type QueueName } from "./search";
import { WithdrawalQueue } from "./WithdrawalQueue";

const route = getRouteApi("/admin/review/$queue");
const SHOWN: Readonly<Record<QueueName, ComponentType>> = {
  recharges: RechargeQueue,
  refunds: RefundQueue,
  adjustments: AdjustmentQueue,
  disputes: DisputeQueue,
  withdrawals: WithdrawalQueue,
  risk: RiskQueue,
  approvals: ApprovalQueue,
  closings: ClosingQueue,
  cases: CaseQueue,
};

export function ReviewPage() {
  const t = useText(messages);
  const say = useText(words);
  const may = useMay();
  const navigate = useNavigate();
  const { queue } = route.useParams();
  const name = isQueue(queue) ? queue : "recharges";
  const Queue = SHOWN[name];
  const open = QUEUES.filter((each) => may(QUEUE_NEEDS[each].read));
  return (
    <Page title={say("review")} lead={<KeyHint>{t("lead")}</KeyHint>} wide>
      <Select
        aria-label={t("queues")}
        data={open.map((each) => ({ value: each, label: t(each) }))}
        value={name}
        onChange={(chosen) => {
          if (chosen !== null) void navigate({ to: "/admin/review/$queue", params: { queue: chosen }, search: {} });
        }}
        allowDeselect={false}
        hiddenFrom="md"
      />
      <Tabs value={name} variant="outline">
        <Tabs.List aria-label={t("queues")} visibleFrom="md">
          {open.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              renderRoot={(props) => <Link {...props} to="/admin/review/$queue" params={{ queue: each }} />}
            >
              {t(each)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={name} pt="md">
          <Writing scope={QUEUE_NEEDS[name].write}>
            <Queue key={name} />
          </Writing>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
