import { Stack, Text, Title } from "@mantine/core";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { SendAgain } from "./SendAgain";

/** A mail is on its way. The same is shown whether or not the address is known here. */
export function MailSent({ email }: { email: string }) {
  const t = useText(messages);
  return (
    <Stack>
      <Title order={2}>{t("sentTitle")}</Title>
      <Text role="status">{t("sent", { email })}</Text>
      <SendAgain email={email} />
    </Stack>
  );
}
