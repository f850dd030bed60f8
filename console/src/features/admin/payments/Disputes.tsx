import { Stack, Title } from "@mantine/core";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { LinkAnchor } from "../../../components/links";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { Value } from "../values/Value";
import { messages } from "./messages";
import type { PaymentFacts } from "./PaymentDetail";

interface DisputesProps {
  disputes: PaymentFacts["disputes"];
  currency: string;
}

/** Chargebacks of a payment; they are decided in their queue. */
export function Disputes({ disputes, currency }: DisputesProps) {
  const t = useText(messages);
  const say = useText(words);
  if (disputes.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={3}>{t("disputes")}</Title>
      {disputes.map((dispute) => (
        <Facts
          key={dispute.id}
          facts={[
            [say("status"), <Value key="state" of={dispute.outcome} />],
            dispute.gross_minor > 0 && [
              t("amount"),
              <Amount key="amount" value={fromMinor(dispute.gross_minor, currency)} currency={currency} />,
            ],
            dispute.reason !== "" && [say("reason"), dispute.reason],
            dispute.due_at !== null && [t("due"), <Time key="due" value={dispute.due_at} />],
            [
              t("decision"),
              <LinkAnchor
                key="queue"
                to="/admin/review/$queue"
                params={{ queue: "disputes" }}
                search={{ item: dispute.id }}
              >
                {t("toQueue")}
              </LinkAnchor>,
            ],
          ]}
        />
      ))}
    </Stack>
  );
}
