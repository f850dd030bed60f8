/* A channel in three fields: a preset knows the rest, which can be opened and said otherwise. */

import { Accordion, Checkbox, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { Loaded } from "../../../components/Loaded";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { CapsFields } from "./CapsFields";
import { messages } from "./messages";
import { presetsQuery, type NewChannel, type Preset } from "./queries";

const KINDS = ["openai", "openai-compatible", "anthropic", "gemini"] as const;

/** Presets of servers that everybody runs elsewhere have capitals where the address has to be filled in. */
function needsAddress(preset: Preset | undefined): boolean {
  return preset !== undefined && /[A-Z]{4,}/.test(preset.base_url);
}

interface AddChannelProps {
  onAdded: (name: string) => void;
  onClose: () => void;
}

export function AddChannel({ onAdded, onClose }: AddChannelProps) {
  const t = useText(messages);
  const presets = useQuery(presetsQuery);
  const [wanted, setWanted] = useState<NewChannel>({ allow_private: false, caps: {} });
  const change = (part: Partial<NewChannel>) => setWanted((now) => ({ ...now, ...part }));
  const preset = presets.data?.data.find((each) => each.name === wanted.preset);
  const choose = (name: string | null) => change({ preset: name, kind: null, provider: null, base_url: null });
  return (
    <Deed
      title={t("add")}
      action={t("add")}
      disabled={preset === undefined}
      run={() => ask(api.POST("/admin/channels", { body: wanted }))}
      onDone={(made) => {
        if (made.remark) notifications.show({ color: "yellow", message: made.remark });
        onAdded(made.name);
      }}
      onClose={onClose}
    >
      <Loaded query={presets}>
        {({ data }) => (
          <Select
            label={t("preset")}
            description={t("presetHint")}
            data={data.map((each) => ({ value: each.name, label: each.title }))}
            value={wanted.preset ?? null}
            onChange={choose}
            searchable
            required
            data-autofocus
          />
        )}
      </Loaded>
      <TextInput
        label={t("name")}
        description={t("nameHint")}
        placeholder={preset?.name}
        maxLength={64}
        value={wanted.name ?? ""}
        onChange={(event) => change({ name: event.currentTarget.value.trim() || null })}
      />
      {needsAddress(preset) && <Address preset={preset} wanted={wanted} change={change} required />}
      <PasswordInput
        label={t("apiKey")}
        description={t("apiKeyHint")}
        required={preset?.needs_key}
        autoComplete="off"
        maxLength={4000}
        value={wanted.api_key ?? ""}
        onChange={(event) => change({ api_key: event.currentTarget.value || null })}
      />
      <Accordion variant="contained">
        <Accordion.Item value="more">
          <Accordion.Control>{t("more")}</Accordion.Control>
          <Accordion.Panel>
            <More preset={preset} wanted={wanted} change={change} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Deed>
  );
}

interface PartProps {
  preset: Preset | undefined;
  wanted: NewChannel;
  change: (part: Partial<NewChannel>) => void;
}

function Address({ preset, wanted, change, required = false }: PartProps & { required?: boolean }) {
  const t = useText(messages);
  return (
    <TextInput
      label={t("baseUrl")}
      placeholder={preset?.base_url}
      required={required}
      maxLength={500}
      value={wanted.base_url ?? ""}
      onChange={(event) => change({ base_url: event.currentTarget.value.trim() || null })}
    />
  );
}

function More({ preset, wanted, change }: PartProps) {
  const t = useText(messages);
  return (
    <Stack>
      {!needsAddress(preset) && <Address preset={preset} wanted={wanted} change={change} />}
      <Select
        label={t("kind")}
        data={KINDS}
        placeholder={preset?.kind}
        value={wanted.kind ?? null}
        onChange={(kind) => change({ kind: KINDS.find((each) => each === kind) ?? null })}
        clearable
      />
      <TextInput
        label={t("provider")}
        placeholder={preset?.name}
        maxLength={200}
        value={wanted.provider ?? ""}
        onChange={(event) => change({ provider: event.currentTarget.value.trim() || null })}
      />
      <Checkbox
        label={t("private")}
        checked={wanted.allow_private}
        onChange={(event) => change({ allow_private: event.currentTarget.checked })}
      />
      <CapsFields caps={wanted.caps} onChange={(caps) => change({ caps })} />
    </Stack>
  );
}
