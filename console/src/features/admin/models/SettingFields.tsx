/* What is said of a model beside its prices and routes. */

import { MultiSelect, NumberInput, SimpleGrid, TextInput } from "@mantine/core";
import { useText } from "../../../lib/i18n";
import { useFeatureText } from "../../models/features/useFeatureText";
import { messages } from "./messages";
import type { ModelChange } from "./queries";

export type Settings = Omit<ModelChange, "routes">;
type Task = Settings["tasks"][number];

const TASKS = [
  "chat",
  "embeddings",
  "images",
  "speech",
  "transcriptions",
  "moderations",
  "rerank",
] as const satisfies readonly Task[];
const COUNTS = ["context_tokens", "most_output_tokens", "account_requests_per_minute"] as const;
const CAPS = ["daily_cap", "account_daily_cap"] as const;

export function newSettings(): Settings {
  return { enabled: true, owned_by: "farebox", family: "", input_modalities: ["text"], tasks: ["chat"] };
}

interface SettingFieldsProps {
  settings: Settings;
  onChange: (part: Partial<Settings>) => void;
}

export function SettingFields({ settings, onChange }: SettingFieldsProps) {
  const t = useText(messages);
  const features = useFeatureText();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} className="level">
      <MultiSelect
        label={t("tasks")}
        data={TASKS.map((value) => ({ value, label: features("task", [value]) }))}
        value={settings.tasks}
        onChange={(chosen) => onChange({ tasks: TASKS.filter((task) => chosen.includes(task)) })}
        required
      />
      <TextInput
        label={t("family")}
        description={t("familyHint")}
        maxLength={64}
        value={settings.family}
        onChange={(event) => onChange({ family: event.currentTarget.value })}
      />
      {COUNTS.map((name) => (
        <NumberInput
          key={name}
          label={t(name)}
          min={1}
          allowDecimal={false}
          thousandSeparator=" "
          value={settings[name] ?? ""}
          onChange={(value) => onChange({ [name]: value === "" ? null : Number(value) })}
        />
      ))}
      {CAPS.map((name) => (
        <TextInput
          key={name}
          label={t(name)}
          inputMode="decimal"
          value={settings[name] ?? ""}
          onChange={(event) => onChange({ [name]: event.currentTarget.value.trim() || null })}
        />
      ))}
    </SimpleGrid>
  );
}
