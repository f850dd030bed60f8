/* Prices for now or later, with what they would have meant for the calls of the last days. */

import { Alert, Button, Checkbox, List, Paper, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { Amount } from "../../../components/Amount";
import { ActionError } from "../../../components/ErrorState";
import { Facts } from "../../../components/Facts";
import { useLanguage, useText } from "../../../lib/i18n";
import { exactTime } from "../../../lib/time";
import { Deed } from "../Deed";
import { MomentInput } from "../MomentInput";
import { messages } from "./messages";
import type { Effect, Model, Rates } from "./queries";
import { lossesAt, perToken, settled, type Loss } from "./rates";
import { RatesFields } from "./RatesFields";

export function SetPrices({ model, onClose }: { model: Model; onClose: () => void }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const [rates, setRates] = useState<Rates>(model.rates ?? perToken());
  const [startsAt, setStartsAt] = useState<string | null>(null);
  // The loss is accepted at these prices: at other ones it is asked again.
  const [accepted, setAccepted] = useState<Rates | null>(null);
  const losses = lossesAt(rates, model.routes);
  const isAccepted = accepted === rates;
  return (
    <Deed
      title={`${t("setPrices")}: ${model.name}`}
      action={t("setPrices")}
      what={t("setWhat")}
      reason="optional"
      size="lg"
      disabled={losses.length > 0 && !isAccepted}
      run={(reason) =>
        ask(api.POST("/admin/prices", { body: { model: model.name, rates: settled(rates), starts_at: startsAt, reason } }))
      }
      onDone={(set) => notifications.show({ message: t("setFrom", { at: exactTime(set.starts_at, language) }) })}
      onClose={onClose}
    >
      <RatesFields rates={rates} onChange={setRates} />
      <MomentInput label={t("startsAt")} description={t("startsHint")} value={startsAt} onChange={setStartsAt} />
      <Preview model={model.name} rates={rates} />
      {losses.length > 0 && (
        <BelowCost losses={losses} isAccepted={isAccepted} onChange={(is) => setAccepted(is ? rates : null)} />
      )}
    </Deed>
  );
}

interface BelowCostProps {
  losses: readonly Loss[];
  isAccepted: boolean;
  onChange: (isAccepted: boolean) => void;
}

function BelowCost({ losses, isAccepted, onChange }: BelowCostProps) {
  const t = useText(messages);
  return (
    <Alert color="yellow" role="status" icon={<IconAlertTriangle />} title={t("belowCost")}>
      <Stack gap="sm">
        <List>
          {losses.map(({ name, price, cost, channel }) => (
            <List.Item key={`${channel} ${name}`}>
              {t(name)}: <Amount value={price} /> &lt; <Amount value={cost} /> (<bdi>{channel}</bdi>)
            </List.Item>
          ))}
        </List>
        <Checkbox
          label={t("acceptLoss")}
          checked={isAccepted}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      </Stack>
    </Alert>
  );
}

function Preview({ model, rates }: { model: string; rates: Rates }) {
  const t = useText(messages);
  // The effect is of the prices it was asked for: other ones have none until it is asked again.
  const [tried, setTried] = useState<Rates | null>(null);
  const preview = useMutation({
    mutationFn: () => ask(api.POST("/admin/prices/preview", { body: { model, rates: settled(rates) } })),
    onSuccess: () => setTried(rates),
  });
  return (
    <Stack gap="sm">
      <Button variant="light" loading={preview.isPending} onClick={() => preview.mutate()}>
        {t("preview")}
      </Button>
      <ActionError failure={preview.error} />
      {preview.data !== undefined && tried === rates && <Shown effect={preview.data} />}
    </Stack>
  );
}

function Shown({ effect }: { effect: Effect }) {
  const t = useText(messages);
  const { days, jobs } = effect;
  return (
    <Paper role="status">
      {effect.estimated ? t("effectEstimated", { days, jobs }) : t("effectOf", { days, jobs })}
      <Facts
        facts={[
          [t("charged"), <Amount key="was" value={effect.charged} />],
          [t("repriced"), <Amount key="is" value={effect.repriced} />],
          [t("difference"), <Amount key="by" value={effect.difference} signed />],
          [t("marginWas"), <Amount key="margin" value={effect.margin} signed />],
          [t("marginIs"), <Amount key="repriced" value={effect.margin_repriced} signed />],
        ]}
      />
    </Paper>
  );
}
