import { NumberInput, TextInput } from "@mantine/core";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import type { Caps } from "./queries";

/** What may be spent on a day and run at once, of a channel or of a provider; empty is no cap. */
export function CapsFields({ caps, onChange }: { caps: Caps; onChange: (caps: Caps) => void }) {
  const t = useText(messages);
  return (
    <>
      <TextInput
        label={t("dailyCap")}
        description={t("dailyCapHint")}
        inputMode="decimal"
        value={caps.daily_cap ?? ""}
        onChange={(event) => onChange({ ...caps, daily_cap: event.currentTarget.value.trim() || null })}
      />
      <NumberInput
        label={t("concurrency")}
        min={1}
        allowDecimal={false}
        value={caps.concurrency ?? ""}
        onChange={(value) => onChange({ ...caps, concurrency: value === "" ? null : Number(value) })}
      />
    </>
  );
}
