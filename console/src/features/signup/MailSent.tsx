import { Button, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { prove } from "./proof";

/** A mail is on its way. The same is shown whether or not the address is known here. */
export function MailSent({ email }: { email: string }) {
  const t = useText(messages);
  const again = useMutation({
    mutationFn: async () => ask(api.POST("/api/sign-up/resend", { body: { email, proof: await prove() } })),
  });
  return (
    <Stack>
      <Title order={2}>{t("sentTitle")}</Title>
      <Text role="status">{t("sent", { email })}</Text>
      <ActionError failure={again.error} />
      {again.isSuccess ? (
        <Text c="dimmed">{t("sentAgain")}</Text>
      ) : (
        <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>
          {t("sendAgain")}
        </Button>
      )}
    </Stack>
  );
}
