import { Button, Collapse, Group, NumberInput, Paper, Select, SimpleGrid, Stack, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useText } from "../../lib/i18n";
import type { Settings } from "./conversation";
import { messages } from "./messages";

interface ParametersProps {
  names: readonly string[];
  settings: Settings;
  onChange: (settings: Settings) => void;
  disabled: boolean;
}

/** Which models, and how they are asked. */
export function Parameters({ names, settings, onChange, disabled }: ParametersProps) {
  const t = useText(messages);
  const [first = "", second] = settings.models;
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <Stack gap="sm">
      <Group align="flex-end">
        <Select
          flex="1 1 200px"
          maw={320}
          label={t("model")}
          data={[...names]}
          value={first}
          disabled={disabled}
          searchable
          allowDeselect={false}
          onChange={(name) => name !== null && onChange({ ...settings, models: [name, ...settings.models.slice(1)] })}
        />
        <Select
          flex="1 1 200px"
          maw={320}
          label={t("second")}
          placeholder={t("none")}
          data={[...names]}
          value={second ?? null}
          disabled={disabled}
          searchable
          clearable
          onChange={(name) => onChange({ ...settings, models: name === null ? [first] : [first, name] })}
        />
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
          aria-expanded={isOpen}
          onClick={toggle}
        >
          {t("parameters")}
        </Button>
      </Group>
      <Collapse in={isOpen}>
        <Paper>
          <Stack gap="sm">
            <Textarea
              label={t("system")}
              autosize
              minRows={2}
              maxRows={8}
              value={settings.system}
              onChange={(event) => onChange({ ...settings, system: event.currentTarget.value })}
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <NumberInput
                label={t("temperature")}
                placeholder={t("asModel")}
                min={0}
                max={2}
                step={0.1}
                value={settings.temperature ?? ""}
                onChange={(value) => onChange({ ...settings, temperature: numberOrNull(value) })}
              />
              <NumberInput
                label={t("mostTokens")}
                placeholder={t("asModel")}
                min={1}
                allowDecimal={false}
                value={settings.mostTokens ?? ""}
                onChange={(value) => onChange({ ...settings, mostTokens: numberOrNull(value) })}
              />
            </SimpleGrid>
          </Stack>
        </Paper>
      </Collapse>
    </Stack>
  );
}

function numberOrNull(value: string | number): number | null {
  return typeof value === "number" ? value : null;
}
