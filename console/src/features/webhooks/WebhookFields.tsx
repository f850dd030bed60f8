/* Where events go, and which. */

import { Button, Checkbox, Code, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useText } from "../../lib/i18n";
import { EVENTS, KINDS } from "./events";
import { messages } from "./messages";
import type { Wanted } from "./queries";

interface WebhookFieldsProps {
  value: Wanted;
  /** What the API found wrong with the URL. */
  wrong: string | undefined;
  onChange: (value: Wanted) => void;
}

export function WebhookFields({ value, wrong, onChange }: WebhookFieldsProps) {
  const t = useText(messages);
  const nameOf = useText(EVENTS);
  const choose = (events: readonly string[]) =>
    onChange({ ...value, events: KINDS.filter((kind) => events.includes(kind)) });
  const isAll = value.events.length === KINDS.length;
  return (
    <Stack>
      <TextInput
        label={t("url")}
        error={wrong}
        description={t("urlHint")}
        placeholder="https://example.com/farebox"
        type="url"
        required
        pattern="https://.+"
        maxLength={2000}
        value={value.url}
        onChange={(event) => onChange({ ...value, url: event.currentTarget.value.trim() })}
      />
      <Checkbox.Group
        label={t("events")}
        value={value.events}
        onChange={choose}
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }} mt="xs" spacing="xs">
          {KINDS.map((kind) => (
            <Checkbox
              key={kind}
              value={kind}
              label={
                <>
                  <Text span>{nameOf(kind)}</Text>
                  <br />
                  <Code>{kind}</Code>
                </>
              }
            />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      <Group>
        <Button size="compact-sm" variant="subtle" onClick={() => choose(isAll ? [] : KINDS)}>
          {t(isAll ? "noEvents" : "allEvents")}
        </Button>
      </Group>
    </Stack>
  );
}
