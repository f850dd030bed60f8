/* Puts a model on sale: its name, one way to a provider, its prices. */

import { Accordion, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages } from "./messages";
import { perToken, settled, settledRoute } from "./rates";
import { RatesFields } from "./RatesFields";
import { newRoute, RouteFields } from "./RouteFields";
import { newSettings, SettingFields } from "./SettingFields";
import type { NewModel } from "./queries";

interface AddModelProps {
  onAdded: (name: string) => void;
  onClose: () => void;
}

export function AddModel({ onAdded, onClose }: AddModelProps) {
  const t = useText(messages);
  const [wanted, setWanted] = useState<NewModel>({
    ...newSettings(),
    name: "",
    routes: [newRoute()],
    rates: perToken(),
  });
  const change = (part: Partial<NewModel>) => setWanted((now) => ({ ...now, ...part }));
  return (
    <Deed
      title={t("add")}
      action={t("add")}
      size="lg"
      run={() => {
        const body = { ...wanted, rates: settled(wanted.rates), routes: wanted.routes.map(settledRoute) };
        return ask(api.POST("/admin/models", { body }));
      }}
      onDone={(made) => {
        if (made.without_cost.length > 0) notifications.show({ color: "yellow", message: t("withoutCost") });
        onAdded(made.name);
      }}
      onClose={onClose}
    >
      <TextInput
        label={t("name")}
        description={t("nameHint")}
        required
        maxLength={128}
        value={wanted.name}
        onChange={(event) => change({ name: event.currentTarget.value.trim() })}
        data-autofocus
      />
      <RouteFields routes={wanted.routes} onChange={(routes) => change({ routes })} />
      <RatesFields rates={wanted.rates} onChange={(rates) => change({ rates })} />
      <Accordion variant="contained">
        <Accordion.Item value="more">
          <Accordion.Control>{t("settings")}</Accordion.Control>
          <Accordion.Panel>
            <SettingFields settings={wanted} onChange={change} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Deed>
  );
}
