/* The ways to providers that a model is served over, in the order in which they are tried. */

import { Button, Fieldset, Group, NumberInput, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useText } from "../../../lib/i18n";
import { MAIN_CLASSES } from "../../models/rateLines";
import { channelsQuery } from "../channels/queries";
import { AddButton, RemoveButton } from "./ListButtons";
import { messages } from "./messages";
import { PriceField } from "./PriceField";
import type { Rates, Route } from "./queries";
import { isPlain, perToken, withPrice } from "./rates";
import { RatesFields } from "./RatesFields";

export function newRoute(): Route {
  return { channel: "", upstream_model: "", priority: 0, weight: 1, cost: null };
}

interface RouteFieldsProps {
  routes: readonly Route[];
  onChange: (routes: Route[]) => void;
}

export function RouteFields({ routes, onChange }: RouteFieldsProps) {
  const t = useText(messages);
  return (
    <Stack gap="sm">
      {routes.map((route, index) => (
        <OneRoute
          key={index}
          route={route}
          legend={t("routeNumber", { number: index + 1 })}
          onChange={(changed) => onChange(routes.map((each, at) => (at === index ? changed : each)))}
          onRemove={routes.length > 1 ? () => onChange(routes.filter((_, at) => at !== index)) : undefined}
        />
      ))}
      <AddButton onClick={() => onChange([...routes, { ...newRoute(), priority: routes.length }])}>
        {t("addRoute")}
      </AddButton>
    </Stack>
  );
}

interface OneRouteProps {
  route: Route;
  legend: string;
  onChange: (route: Route) => void;
  onRemove?: () => void;
}

function OneRoute({ route, legend, onChange, onRemove }: OneRouteProps) {
  const t = useText(messages);
  const channels = useQuery(channelsQuery).data?.data ?? [];
  return (
    <Fieldset
      legend={
        <Group gap="xs">
          {legend}
          {onRemove !== undefined && <RemoveButton label={t("removeRoute")} onClick={onRemove} />}
        </Group>
      }
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label={t("channel")}
          data={channels.map((channel) => channel.name)}
          value={route.channel || null}
          onChange={(channel) => onChange({ ...route, channel: channel ?? "" })}
          required
          searchable
        />
        <TextInput
          label={t("upstream")}
          required
          maxLength={256}
          value={route.upstream_model}
          onChange={(event) => onChange({ ...route, upstream_model: event.currentTarget.value.trim() })}
        />
        <NumberInput
          label={t("priority")}
          min={0}
          allowDecimal={false}
          value={route.priority}
          onChange={(value) => onChange({ ...route, priority: Number(value) || 0 })}
        />
        <NumberInput
          label={t("weight")}
          min={0}
          allowDecimal={false}
          value={route.weight}
          onChange={(value) => onChange({ ...route, weight: Number(value) || 0 })}
        />
      </SimpleGrid>
      <CostFields route={route} onChange={onChange} />
    </Fieldset>
  );
}

/** Input and output say most of a cost; all of it unfolds where that is not enough. */
function CostFields({ route, onChange }: { route: Route; onChange: (route: Route) => void }) {
  const t = useText(messages);
  const cost = route.cost ?? null;
  const [isWhole, setWhole] = useState(cost !== null && !isPlain(cost));
  const set = (changed: Rates | null) => onChange({ ...route, cost: changed });
  if (isWhole) {
    return (
      <Fieldset legend={t("cost")} mt="sm">
        <RatesFields rates={cost ?? perToken()} onChange={set} isCost />
        <Button
          variant="subtle"
          onClick={() => {
            set(null);
            setWhole(false);
          }}
        >
          {t("costOfPreset")}
        </Button>
      </Fieldset>
    );
  }
  const plain = cost?.kind === "per_token" ? cost : perToken();
  const setClass = (name: (typeof MAIN_CLASSES)[number], price: string) => {
    const prices = withPrice(plain.prices, name, price);
    set(prices.input === "" && prices.output === "" ? null : { ...plain, prices });
  };
  return (
    <>
      <SimpleGrid cols={2} mt="sm">
        {MAIN_CLASSES.map((name) => (
          <PriceField
            key={name}
            label={name === "input" ? t("costInput") : t("costOutput")}
            placeholder={t("costHint")}
            value={plain.prices[name]}
            onChange={(price) => setClass(name, price)}
          />
        ))}
      </SimpleGrid>
      <Button variant="subtle" mt="xs" onClick={() => setWhole(true)}>
        {t("costWhole")}
      </Button>
    </>
  );
}
