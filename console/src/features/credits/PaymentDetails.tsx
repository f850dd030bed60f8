/* One payment: what was paid, what it brought, what of it went back, and its papers. */

import { Anchor, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Amount } from "../../components/Amount";
import { Facts } from "../../components/Facts";
import { Id } from "../../components/Id";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { fromMinor, isZero } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { PaymentState } from "./PaymentState";
import { paymentQuery, type Payment } from "./queries";

export function PaymentDetails({ id }: { id: string }) {
  return <Loaded query={useQuery(paymentQuery(id))}>{(payment) => <Details payment={payment} />}</Loaded>;
}

function Details({ payment }: { payment: Payment }) {
  const t = useText(messages);
  const { currency } = payment;
  const money = (minor: number) => <Amount value={fromMinor(minor, currency)} currency={currency} />;
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          [t("state"), <PaymentState key="state" state={payment.state} />],
          [t("date"), <Time key="date" value={payment.paid_at ?? payment.created_at} />],
          [t("paidMoney"), money(payment.paid_minor)],
          payment.tax_minor > 0 && [t("tax"), money(payment.tax_minor)],
          [t("credited"), <Amount key="credited" value={payment.credited} />],
          !isZero(payment.taken_back) && [t("takenBack"), <Amount key="back" value={payment.taken_back} />],
          [t("reference"), `${payment.provider} ${payment.reference}`],
          payment.invoice_url !== "" && [
            t("invoice"),
            <Anchor key="invoice" href={payment.invoice_url} target="_blank" rel="noreferrer" inherit>
              {t("invoice")}
            </Anchor>,
          ],
          ["ID", <Id key="id" value={payment.id} full />],
        ]}
      />
      <Group>
        {payment.recharge_id !== null && (
          <LinkButton to="/dashboard/recharge" search={{ recharge: payment.recharge_id }} variant="default">
            {t("toRecharge")}
          </LinkButton>
        )}
        <LinkButton to="/dashboard/support" search={{ payment: payment.id }} variant="subtle">
          {t("askSupport")}
        </LinkButton>
      </Group>
    </Stack>
  );
}
