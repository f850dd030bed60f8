/* One payment, what went back of it, and what can. */

import { Group, Stack, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Id } from "../../../components/Id";
import { LinkAnchor } from "../../../components/links";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { fromMinor, isZero } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages as words } from "../messages";
import { Value } from "../values/Value";
import { WriteButton } from "../Writing";
import { Disputes } from "./Disputes";
import { messages } from "./messages";
import { RefundsMade } from "./RefundsMade";

export type PaymentFacts = Answer<"/admin/payments/{payment_id}">;

const paymentQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "payment", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/payments/{payment_id}", { params: { path: { payment_id: id } }, signal })),
  });

export function PaymentDetail({ id }: { id: string }) {
  return <Loaded query={useQuery(paymentQuery(id))}>{(facts) => <Shown facts={facts} />}</Loaded>;
}

/** By which provider; a trial payment is told from one of real money. */
function Through({ payment: { provider, mode } }: { payment: PaymentFacts["payment"] }) {
  return (
    <>
      <Value of={provider} /> (<Value of={mode} />)
    </>
  );
}

function Shown({ facts }: { facts: PaymentFacts }) {
  const t = useText(messages);
  const say = useText(words);
  const { payment, refunds, disputes, refundable } = facts;
  const money = (minor: number) => <Amount value={fromMinor(minor, payment.currency)} currency={payment.currency} />;
  const [opened, setOpened] = useState<"refund" | "credit" | null>(null);
  const close = () => setOpened(null);
  return (
    <Stack>
      <Facts
        facts={[
          [t("payment"), <Id key="id" value={payment.id} full />],
          [say("status"), <Value key="state" of={payment.state} />],
          payment.problem !== "" && [t("problem"), <Value key="problem" of={payment.problem} />],
          [t("provider"), <Through key="provider" payment={payment} />],
          [t("reference"), payment.reference],
          [t("paid"), money(payment.paid_minor)],
          payment.tax_minor > 0 && [t("tax"), money(payment.tax_minor)],
          payment.paid_at !== null && [t("time"), <Time key="at" value={payment.paid_at} />],
          payment.failure !== "" && [t("failure"), payment.failure],
          payment.country !== "" && [t("country"), payment.country],
          [t("credited"), <Amount key="credited" value={payment.credited} />],
          !isZero(payment.taken_back) && [t("takenBack"), <Amount key="back" value={payment.taken_back} />],
          [t("refundable"), <Amount key="can" value={refundable} />],
          payment.account_id !== null && [
            say("account"),
            <LinkAnchor key="account" to="/admin/accounts/$account" params={{ account: payment.account_id }}>
              {say("openAccount")}
            </LinkAnchor>,
          ],
        ]}
      />
      <Group>
        {!isZero(refundable) && (
          <WriteButton variant="light" color="red" onClick={() => setOpened("refund")}>
            {t("refund")}
          </WriteButton>
        )}
        {payment.problem !== "" && <WriteButton onClick={() => setOpened("credit")}>{t("credit")}</WriteButton>}
      </Group>
      <RefundsMade refunds={refunds} currency={payment.currency} />
      <Disputes disputes={disputes} currency={payment.currency} />
      {opened === "refund" && <RefundDialog facts={facts} onClose={close} />}
      {opened === "credit" && <CreditDialog facts={facts} onClose={close} />}
    </Stack>
  );
}

interface DialogProps {
  facts: PaymentFacts;
  onClose: () => void;
}

function RefundDialog({ facts, onClose }: DialogProps) {
  const t = useText(messages);
  const [amount, setAmount] = useState("");
  const path = { payment_id: facts.payment.id };
  return (
    <Deed
      title={t("refund")}
      action={t("refund")}
      what={t("refundWhat")}
      reason="needed"
      danger
      money
      run={(reason, header) =>
        ask(
          api.POST("/admin/payments/{payment_id}/refund", {
            params: { path, header },
            body: { amount: amount.trim() || null, reason },
          }),
        )
      }
      onClose={onClose}
    >
      <TextInput
        label={t("amount")}
        description={t("allOfIt")}
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
    </Deed>
  );
}

function CreditDialog({ facts, onClose }: DialogProps) {
  const t = useText(messages);
  const say = useText(words);
  const [amount, setAmount] = useState("");
  const [account, setAccount] = useState(facts.payment.account_id ?? "");
  const path = { payment_id: facts.payment.id };
  return (
    <Deed
      title={t("credit")}
      action={t("credit")}
      what={t("creditWhat")}
      reason="needed"
      money
      run={(reason, header) =>
        ask(
          api.POST("/admin/payments/{payment_id}/credit", {
            params: { path, header },
            body: { account_id: account.trim() || null, amount: amount.trim() || null, reason },
          }),
        )
      }
      onClose={onClose}
    >
      <TextInput label={say("account")} value={account} onChange={(event) => setAccount(event.currentTarget.value)} />
      <TextInput
        label={t("amount")}
        description={t("asRecharge")}
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
    </Deed>
  );
}
