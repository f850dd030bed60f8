import { Switch } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages } from "./messages";
import type { Model, ModelChange } from "./queries";
import { settledRoute } from "./rates";
import { RouteFields } from "./RouteFields";
import { SettingFields } from "./SettingFields";

/** The form's part of a model as the API shows it: prices have a form of their own. */
function changeable(model: Model): ModelChange {
  const { enabled, owned_by, family, context_tokens, most_output_tokens, input_modalities, tasks } = model;
  const { most_audio_seconds, daily_cap, account_daily_cap, account_requests_per_minute, routes } = model;
  return {
    ...{ enabled, owned_by, family, context_tokens, most_output_tokens, input_modalities, tasks },
    ...{ most_audio_seconds, daily_cap, account_daily_cap, account_requests_per_minute, routes },
  };
}

/** Settings and routes of a model, in force for its next call. */
export function EditModel({ model, onClose }: { model: Model; onClose: () => void }) {
  const t = useText(messages);
  const [wanted, setWanted] = useState(() => changeable(model));
  const change = (part: Partial<ModelChange>) => setWanted((now) => ({ ...now, ...part }));
  return (
    <Deed
      title={`${t("edit")}: ${model.name}`}
      action={t("save")}
      size="lg"
      run={() => {
        const body = { ...wanted, routes: wanted.routes.map(settledRoute) };
        return ask(api.PUT("/admin/models/{name}", { params: { path: { name: model.name } }, body }));
      }}
      onClose={onClose}
    >
      <Switch
        label={t("onSale")}
        checked={wanted.enabled}
        onChange={(event) => change({ enabled: event.currentTarget.checked })}
      />
      <SettingFields settings={wanted} onChange={change} />
      <RouteFields routes={wanted.routes} onChange={(routes) => change({ routes })} />
    </Deed>
  );
}
