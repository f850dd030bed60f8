import { NumberInput, TextInput } from "@mantine/core";
import type { Body } from "../../../api/types";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

export type Limits = Body<"/admin/accounts/{account_id}/limits", "put">;

const COUNTS = ["requests_per_minute", "tokens_per_minute", "concurrency"] as const;
const SPENDS = ["daily_spend", "monthly_spend", "total_spend"] as const;

/** What all keys of an account may use together; empty is no limit. */
export function LimitsFields({ limits, onChange }: { limits: Limits; onChange: (limits: Limits) => void }) {
  const t = useText(messages);
  return (
    <>
      {COUNTS.map((name) => (
        <NumberInput
          key={name}
          label={t(name)}
          value={limits[name] ?? ""}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          onChange={(value) => onChange({ ...limits, [name]: value === "" ? null : Number(value) })}
        />
      ))}
      {SPENDS.map((name) => (
        <TextInput
          key={name}
          label={t(name)}
          inputMode="decimal"
          value={limits[name] ?? ""}
          onChange={(event) => onChange({ ...limits, [name]: event.currentTarget.value.trim() || null })}
        />
      ))}
    </>
  );
}
