/* Prices: per million tokens by class, or per call by the size of its input. */

import { Accordion, Group, NumberInput, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import type { PerCall, PerToken, Rates } from "./queries";
import { MAIN_CLASSES, OTHER_CLASSES, perCall, perToken, withPrice, type TokenClass } from "./rates";

interface RatesFieldsProps {
  rates: Rates;
  onChange: (rates: Rates) => void;
}

export function RatesFields({ rates, onChange }: RatesFieldsProps) {
  const t = useText(messages);
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t("priced")}
        data={[
          { value: "per_token", label: t("per_token") },
          { value: "per_call", label: t("per_call") },
        ]}
        value={rates.kind}
        onChange={(kind) => onChange(kind === "per_call" ? perCall() : perToken())}
      />
      {rates.kind === "per_token" ? (
        <TokenFields rates={rates} onChange={onChange} />
      ) : (
        <CallFields rates={rates} onChange={onChange} />
      )}
    </Stack>
  );
}

function TokenFields({ rates, onChange }: { rates: PerToken; onChange: (rates: PerToken) => void }) {
  const t = useText(messages);
  const field = (name: TokenClass, required = false) => (
    <TextInput
      key={name}
      label={t(name)}
      inputMode="decimal"
      required={required}
      value={rates.prices[name] ?? ""}
      onChange={(event) => onChange(withPrice(rates, name, event.currentTarget.value.trim()))}
    />
  );
  return (
    <>
      <Text c="dimmed" size="sm">
        {t("perMillion")}
      </Text>
      <SimpleGrid cols={2}>{MAIN_CLASSES.map((name) => field(name, true))}</SimpleGrid>
      <Accordion variant="contained">
        <Accordion.Item value="more">
          <Accordion.Control>{t("morePrices")}</Accordion.Control>
          <Accordion.Panel>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              {OTHER_CLASSES.map((name) => field(name))}
              <TextInput
                label={t("per_request")}
                inputMode="decimal"
                value={rates.per_request}
                onChange={(event) => onChange({ ...rates, per_request: event.currentTarget.value.trim() })}
              />
            </SimpleGrid>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </>
  );
}

function CallFields({ rates, onChange }: { rates: PerCall; onChange: (rates: PerCall) => void }) {
  const t = useText(messages);
  const { tiers } = rates;
  return (
    <>
      <NumberInput
        label={t("multiplier")}
        min={1}
        max={1000}
        allowDecimal={false}
        value={rates.multiplier}
        onChange={(value) => onChange({ ...rates, multiplier: Number(value) || 1 })}
      />
      {tiers === null || tiers === undefined ? (
        <Text c="dimmed">{t("policyTiers")}</Text>
      ) : (
        tiers.map((tier, index) => (
          <Group key={index} align="flex-end">
            <Text w={180}>
              {tier.up_to_input_tokens === null ? t("anyInput") : t("upTo", { tokens: tier.up_to_input_tokens })}
            </Text>
            <TextInput
              label={t("per_call")}
              inputMode="decimal"
              required
              value={tier.per_call}
              onChange={(event) => {
                const per_call = event.currentTarget.value.trim();
                onChange({ ...rates, tiers: tiers.map((each, at) => (at === index ? { ...each, per_call } : each)) });
              }}
            />
          </Group>
        ))
      )}
    </>
  );
}
