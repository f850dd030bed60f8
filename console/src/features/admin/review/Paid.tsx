/* A payment, as far as a decision about its money needs it. */

import { Title } from "@mantine/core";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { LinkAnchor } from "../../../components/links";
import { Time } from "../../../components/Time";
import { fromMinor, isZero } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { messages } from "./messages";

type Payment = Answer<"/admin/recharges/{recharge_id}">["payments"][number];

export function Paid({ payment }: { payment: Payment }) {
  const t = useText(messages);
  return (
    <section>
      <Title order={3}>{t("payment")}</Title>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={payment.state} />],
          [t("paid"), <Amount key="paid" value={fromMinor(payment.paid_minor, payment.currency)} currency={payment.currency} />],
          payment.paid_at !== null && [t("paidAt"), <Time key="at" value={payment.paid_at} />],
          [t("provider"), <Value key="provider" of={payment.provider} />],
          [
            t("reference"),
            <LinkAnchor
              key="reference"
              to="/admin/operation/$area"
              params={{ area: "payments" }}
              search={{ payment: payment.id }}
            >
              {payment.reference}
            </LinkAnchor>,
          ],
          [t("credited"), <Amount key="credited" value={payment.credited} />],
          !isZero(payment.taken_back) && [t("takenBack"), <Amount key="back" value={payment.taken_back} />],
        ]}
      />
    </section>
  );
}
