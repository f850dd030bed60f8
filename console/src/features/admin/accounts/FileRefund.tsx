import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { fromMinor, written } from "../../../lib/amount";
import { useLanguage, useText } from "../../../lib/i18n";
import { shortDate } from "../../../lib/time";
import { Deed } from "../Deed";
import { messages } from "./messages";
import type { Account } from "./queries";

const PREFERRED = ["source", "credit"] as const;

const paymentsQuery = (account: string) =>
  queryOptions({
    queryKey: ["admin", "payments of", account],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/payments", { params: { query: { account_id: account, limit: 200 } }, signal })),
  });

/** A refund that the customer asked for in a mail, or that we offer: it goes into the queue of refunds. */
export function FileRefund({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const navigate = useNavigate();
  const payments = useQuery(paymentsQuery(account.id)).data?.data;
  const [payment, setPayment] = useState<string | null>(null);
  const [amount, setAmount] = useState("");
  const [prefers, setPrefers] = useState<(typeof PREFERRED)[number]>("source");
  return (
    <Deed
      title={`${t("fileRefund")}: ${account.email}`}
      action={t("file")}
      what={t("fileRefundWhat")}
      reason="optional"
      money
      disabled={payment === null}
      run={(reason, header) =>
        ask(
          api.POST("/admin/refund-requests", {
            params: { header },
            body: {
              account_id: account.id,
              payment_id: payment ?? "",
              amount: amount.trim() || null,
              prefers,
              reason,
            },
          }),
        )
      }
      onDone={({ id }) =>
        void navigate({ to: "/admin/review/$queue", params: { queue: "refunds" }, search: { item: id } })
      }
      onClose={onClose}
    >
      <Select
        label={t("payment")}
        placeholder={payments?.length === 0 ? t("nothing") : undefined}
        required
        data={payments?.map((each) => ({
          value: each.id,
          label: [
            shortDate(each.paid_at ?? each.created_at, language),
            written(fromMinor(each.paid_minor, each.currency), each.currency, language),
            each.provider,
            each.reference,
          ].join(" · "),
        }))}
        value={payment}
        onChange={setPayment}
      />
      <TextInput
        label={t("amount")}
        description={t("allUnused")}
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      <SegmentedControl
        aria-label={t("refundTo")}
        data={PREFERRED.map((each) => ({ value: each, label: t(each) }))}
        value={prefers}
        onChange={(chosen) => setPrefers(PREFERRED.find((each) => each === chosen) ?? "source")}
      />
    </Deed>
  );
}
