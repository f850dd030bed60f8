/* What a key may do. Only the name is asked for; the rest is folded, for who wants it. */

import { Accordion, Checkbox, MultiSelect, NumberInput, SimpleGrid, Stack, TagsInput, TextInput } from "@mantine/core";
import { useText } from "../../lib/i18n";
import { useChatModels } from "../models/queries";
import { messages } from "./messages";
import type { Limits } from "./settings";

export interface KeyFieldsValue {
  name: string;
  expires_at?: string | null;
  models: string[];
  networks: string[];
  cors_origins: string[];
  sees_balance: boolean;
  limits: Limits;
}

interface KeyFieldsProps<T extends KeyFieldsValue> {
  value: T;
  /** What the API found wrong with a field. */
  wrong: Readonly<Partial<Record<KeyField, string>>>;
  onChange: (value: T) => void;
}

/** The fields, as the API names them. */
export const KEY_FIELDS = [
  "name",
  "expires_at",
  "models",
  "networks",
  "cors_origins",
  "requests_per_minute",
  "tokens_per_minute",
  "concurrency",
  "daily_spend",
  "monthly_spend",
  "total_spend",
] as const;
type KeyField = (typeof KEY_FIELDS)[number];

const COUNTS = ["requests_per_minute", "tokens_per_minute", "concurrency"] as const;
const AMOUNTS = ["daily_spend", "monthly_spend", "total_spend"] as const;

export function KeyFields<T extends KeyFieldsValue>({ value, wrong, onChange }: KeyFieldsProps<T>) {
  const t = useText(messages);
  return (
    <Stack>
      <TextInput
        label={t("name")}
        error={wrong.name}
        placeholder={t("nameHint")}
        maxLength={200}
        value={value.name}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
        data-autofocus
      />
      <Accordion variant="contained">
        <Accordion.Item value="limits">
          <Accordion.Control>{t("limits")}</Accordion.Control>
          <Accordion.Panel>
            <Restrictions value={value} wrong={wrong} onChange={onChange} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

function Restrictions<T extends KeyFieldsValue>({ value, wrong, onChange }: KeyFieldsProps<T>) {
  const t = useText(messages);
  const models = useChatModels();
  const limit = (change: Partial<Limits>) => onChange({ ...value, limits: { ...value.limits, ...change } });
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {COUNTS.map((name) => (
          <NumberInput
            key={name}
            label={t(name)}
            error={wrong[name]}
            placeholder={t("unlimited")}
            min={1}
            allowDecimal={false}
            value={value.limits[name] ?? ""}
            onChange={(count) => limit({ [name]: typeof count === "number" ? count : null })}
          />
        ))}
        {AMOUNTS.map((name) => (
          <TextInput
            key={name}
            label={t(name)}
            error={wrong[name]}
            placeholder={t("unlimited")}
            inputMode="decimal"
            value={value.limits[name] ?? ""}
            onChange={(event) => limit({ [name]: event.currentTarget.value.trim() || null })}
          />
        ))}
      </SimpleGrid>
      <TextInput
        label={t("expires")}
        error={wrong.expires_at}
        type="datetime-local"
        value={value.expires_at === null || value.expires_at === undefined ? "" : localMinute(value.expires_at)}
        onChange={(event) => onChange({ ...value, expires_at: momentOf(event.currentTarget.value) })}
      />
      <MultiSelect
        label={t("models")}
        error={wrong.models}
        data={[...new Set([...models, ...value.models])]}
        value={value.models}
        onChange={(chosen) => onChange({ ...value, models: chosen })}
        searchable
        clearable
      />
      <TagsInput
        label={t("networks")}
        error={wrong.networks}
        value={value.networks}
        onChange={(networks) => onChange({ ...value, networks })}
      />
      <TagsInput
        label={t("origins")}
        error={wrong.cors_origins}
        value={value.cors_origins}
        onChange={(cors_origins) => onChange({ ...value, cors_origins })}
      />
      <Checkbox
        label={t("seesBalance")}
        checked={value.sees_balance}
        onChange={(event) => onChange({ ...value, sees_balance: event.currentTarget.checked })}
      />
    </Stack>
  );
}

/** As browsers want it: the viewer's own clock, without a zone. */
function localMinute(moment: string): string {
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function momentOf(local: string): string | null {
  return local === "" ? null : new Date(local).toISOString();
}
