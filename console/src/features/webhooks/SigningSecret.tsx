import { Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { CopyButton } from "../../components/CopyButton";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";

/** The secret that calls are signed with, shown this once. */
export function SigningSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  const t = useText(messages);
  return (
    <Stack>
      <Title order={3}>{t("secretTitle")}</Title>
      <Text>{t("secretOnce")}</Text>
      <Code block className="secret">
        {secret}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={secret} label={t("copySecret")} full />
        <Button onClick={onDone}>{t("done")}</Button>
      </Group>
    </Stack>
  );
}
