import { Group, NumberInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer, Body } from "../../../api/types";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { MomentInput } from "../MomentInput";
import { messages } from "./messages";

export type Made = Answer<"/admin/codes", "post">;
type New = Body<"/admin/codes">;

const KINDS = ["promo", "sold"] as const;

export function MakeCodes({ onMade, onClose }: { onMade: (made: Made) => void; onClose: () => void }) {
  const t = useText(messages);
  const [wanted, setWanted] = useState<New>({ kind: "promo", count: 10, amount: "", most_per_account: 1, credit_days: 0, note: "" });
  const change = (part: Partial<New>) => setWanted((now) => ({ ...now, ...part }));
  return (
    <Deed
      title={t("makeCodes")}
      action={t("makeCodes")}
      money
      run={(_, header) => ask(api.POST("/admin/codes", { params: { header }, body: wanted }))}
      onDone={onMade}
      onClose={onClose}
    >
      <Select
        label={t("kind")}
        data={KINDS.map((kind) => ({ value: kind, label: t(kind) }))}
        allowDeselect={false}
        value={wanted.kind}
        onChange={(kind) => change({ kind: KINDS.find((each) => each === kind) ?? "promo" })}
      />
      <Group grow>
        <NumberInput
          label={t("count")}
          required
          min={1}
          allowDecimal={false}
          value={wanted.count}
          onChange={(value) => change({ count: Number(value) || 1 })}
        />
        <TextInput
          label={t("amountEach")}
          inputMode="decimal"
          required
          value={wanted.amount}
          onChange={(event) => change({ amount: event.currentTarget.value.trim() })}
        />
      </Group>
      {wanted.kind === "sold" && (
        <Group grow>
          <NumberInput
            label={t("priceMinor")}
            required
            min={1}
            allowDecimal={false}
            value={wanted.price_minor ?? ""}
            onChange={(value) => change({ price_minor: value === "" ? null : Number(value) })}
          />
          <TextInput
            label={t("currency")}
            required
            maxLength={3}
            value={wanted.currency ?? ""}
            onChange={(event) => change({ currency: event.currentTarget.value.trim().toUpperCase() || null })}
          />
        </Group>
      )}
      <NumberInput
        label={t("mostPerAccount")}
        description={t("noLimit")}
        min={1}
        allowDecimal={false}
        value={wanted.most_per_account ?? ""}
        onChange={(value) => change({ most_per_account: value === "" ? null : Number(value) })}
      />
      <NumberInput
        label={t("creditDays")}
        description={t("neverExpires")}
        min={0}
        max={3_650}
        allowDecimal={false}
        value={wanted.credit_days === 0 ? "" : wanted.credit_days}
        onChange={(value) => change({ credit_days: Number(value) || 0 })}
      />
      <MomentInput label={t("redeemUntil")} description={t("noEnd")} value={wanted.redeem_until} onChange={(redeem_until) => change({ redeem_until })} />
      <TextInput
        label={t("note")}
        maxLength={200}
        value={wanted.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
    </Deed>
  );
}
