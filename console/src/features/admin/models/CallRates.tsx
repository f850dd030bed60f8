/* A price per call by the size of its input, times a multiplier. */

import { Group, NumberInput, Stack, Switch, Text } from "@mantine/core";
import { useText } from "../../../lib/i18n";
import { AddButton, RemoveButton } from "./ListButtons";
import { messages } from "./messages";
import { PriceField } from "./PriceField";
import type { PerCall } from "./queries";
import { newTier, withMember, type Tier } from "./rates";

interface CallRatesProps {
  rates: PerCall;
  onChange: (rates: PerCall) => void;
  isCost: boolean;
}

export function CallRates({ rates, onChange, isCost }: CallRatesProps) {
  const t = useText(messages);
  const tiers = rates.tiers ?? null;
  return (
    <Stack gap="sm">
      <NumberInput
        label={t("multiplier")}
        min={1}
        max={1000}
        allowDecimal={false}
        value={rates.multiplier}
        onChange={(value) => onChange({ ...rates, multiplier: Number(value) || 1 })}
      />
      {!isCost && (
        <Switch
          label={t("policyTiers")}
          checked={tiers === null}
          onChange={(event) => onChange({ ...rates, tiers: event.currentTarget.checked ? null : [newTier()] })}
        />
      )}
      {tiers !== null && <Tiers tiers={tiers} onChange={(changed) => onChange({ ...rates, tiers: changed })} />}
    </Stack>
  );
}

function Tiers({ tiers, onChange }: { tiers: readonly Tier[]; onChange: (tiers: Tier[]) => void }) {
  const t = useText(messages);
  return (
    <>
      <Text c="dimmed" size="sm">
        {t("tiersWhat")}
      </Text>
      {tiers.map((tier, at) => (
        <Group key={at} align="flex-end" gap="xs" wrap="nowrap">
          <NumberInput
            label={t("upTo")}
            placeholder={t("anyInput")}
            min={1}
            max={10 ** 9}
            allowDecimal={false}
            thousandSeparator=" "
            value={tier.up_to_input_tokens ?? ""}
            onChange={(value) =>
              onChange(withMember(tiers, at, { ...tier, up_to_input_tokens: value === "" ? null : Number(value) }))
            }
          />
          <PriceField
            label={t("perCallPrice")}
            required
            value={tier.per_call}
            onChange={(per_call) => onChange(withMember(tiers, at, { ...tier, per_call }))}
          />
          {tiers.length > 1 && (
            <RemoveButton label={t("removeTier")} onClick={() => onChange(withMember(tiers, at, null))} />
          )}
        </Group>
      ))}
      <AddButton onClick={() => onChange([...tiers, newTier()])}>{t("addTier")}</AddButton>
    </>
  );
}
