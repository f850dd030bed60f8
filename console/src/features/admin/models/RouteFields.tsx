/* The ways to providers that a model is served over, in the order in which they are tried. */

import { ActionIcon, Button, Fieldset, Group, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useText } from "../../../lib/i18n";
import { channelsQuery } from "../channels/queries";
import { messages } from "./messages";
import type { Route } from "./queries";
import { mainPrices, perToken, withPrice } from "./rates";

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
      <Button
        variant="subtle"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => onChange([...routes, { ...newRoute(), priority: routes.length }])}
      >
        {t("addRoute")}
      </Button>
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
          {onRemove !== undefined && (
            <ActionIcon color="red" size="sm" aria-label={t("removeRoute")} onClick={onRemove}>
              <IconTrash size={16} />
            </ActionIcon>
          )}
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

function CostFields({ route, onChange }: { route: Route; onChange: (route: Route) => void }) {
  const t = useText(messages);
  const { cost } = route;
  if (cost?.kind === "per_call") return <Text c="dimmed">{t("costPerCall")}</Text>;
  const prices = mainPrices(cost ?? null) ?? { input: "", output: "" };
  const set = (name: "input" | "output", price: string) => {
    const changed = withPrice(cost ?? perToken(), name, price);
    const isEmpty = changed.prices.input === "" && changed.prices.output === "";
    onChange({ ...route, cost: isEmpty ? null : changed });
  };
  return (
    <SimpleGrid cols={2} mt="sm">
      {(["input", "output"] as const).map((name) => (
        <TextInput
          key={name}
          label={name === "input" ? t("costInput") : t("costOutput")}
          placeholder={t("costHint")}
          inputMode="decimal"
          value={prices[name]}
          onChange={(event) => set(name, event.currentTarget.value.trim())}
        />
      ))}
    </SimpleGrid>
  );
}
