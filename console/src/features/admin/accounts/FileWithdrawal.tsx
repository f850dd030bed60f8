import { SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { useUnit } from "../../../components/unit";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages } from "./messages";
import type { Account } from "./queries";

const KINDS = ["payout", "migration"] as const;

/** A balance to be paid out or moved, for a customer who wrote by mail: somebody else approves it. */
export function FileWithdrawal({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const unit = useUnit();
  const navigate = useNavigate();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("payout");
  const [amount, setAmount] = useState("");
  const [currency, setCurrency] = useState("");
  const [destination, setDestination] = useState("");
  const [other, setOther] = useState("");
  const isPayout = kind === "payout";
  return (
    <Deed
      title={`${t("fileWithdrawal")}: ${account.email}`}
      action={t("file")}
      what={t("fileWithdrawalWhat")}
      reason="optional"
      money
      run={(reason, header) =>
        ask(
          api.POST("/admin/withdrawals", {
            params: { header },
            body: {
              account_id: account.id,
              kind,
              amount: amount.trim(),
              currency: (isPayout && currency) || null,
              destination: isPayout ? destination : "",
              to_account_id: isPayout ? null : other.trim(),
              reason,
            },
          }),
        )
      }
      onDone={({ id }) =>
        void navigate({ to: "/admin/review/$queue", params: { queue: "withdrawals" }, search: { item: id } })
      }
      onClose={onClose}
    >
      <SegmentedControl
        aria-label={t("kind")}
        data={KINDS.map((each) => ({ value: each, label: t(each) }))}
        value={kind}
        onChange={(chosen) => setKind(KINDS.find((each) => each === chosen) ?? "payout")}
      />
      <TextInput
        label={unit === undefined ? t("amount") : `${t("amount")} (${unit})`}
        inputMode="decimal"
        required
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      {isPayout ? (
        <>
          <Textarea
            label={t("destination")}
            required
            maxLength={2_000}
            autosize
            value={destination}
            onChange={(event) => setDestination(event.currentTarget.value)}
          />
          <TextInput
            label={t("currency")}
            description={t("currencyHint")}
            maxLength={3}
            value={currency}
            onChange={(event) => setCurrency(event.currentTarget.value.trim().toUpperCase())}
          />
        </>
      ) : (
        <TextInput
          label={t("toAccount")}
          required
          maxLength={36}
          value={other}
          onChange={(event) => setOther(event.currentTarget.value)}
        />
      )}
    </Deed>
  );
}
