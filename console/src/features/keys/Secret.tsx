import { Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { CopyButton } from "../../components/CopyButton";
import { useText } from "../../lib/i18n";
import { useChatModels } from "../models/queries";
import { FirstCall } from "../start/FirstCall";
import { messages } from "./messages";

/** A new key's secret, shown this once, with a call to try it. */
export function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  const t = useText(messages);
  const [model] = useChatModels();
  return (
    <Stack>
      <Title order={3}>{t("secretTitle")}</Title>
      <Text>{t("secretOnce")}</Text>
      <Code block className="secret">
        {secret}
      </Code>
      <FirstCall secret={secret} model={model} />
      <Group justify="flex-end">
        <CopyButton value={secret} label={t("copySecret")} full />
        <Button onClick={onDone}>{t("done")}</Button>
      </Group>
    </Stack>
  );
}
