import { Button, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { LinkAnchor } from "../../components/links";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";

/** Asks for a link to set a new password; what it says is the same whoever is known here. */
export function ForgottenPage() {
  const t = useText(messages);
  const [email, setEmail] = useState("");
  const send = useMutation({
    mutationFn: () => ask(api.POST("/api/password/forgotten", { body: { email: email.trim() } })),
  });
  const wrong = useFieldFailure(send.error, "email");
  return (
    <Stack>
      <Title order={1}>{t("forgotTitle")}</Title>
      {send.isSuccess ? (
        <Text role="status">{t("forgotSent", { email: email.trim() })}</Text>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            send.mutate();
          }}
        >
          <Stack>
            <Text c="dimmed">{t("forgotLead")}</Text>
            <TextInput
              label={t("email")}
              error={wrong.at.email}
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <ActionError failure={wrong.rest} />
            <Button type="submit" loading={send.isPending}>
              {t("sendLink")}
            </Button>
          </Stack>
        </form>
      )}
      <LinkAnchor to="/sign-in" size="sm">
        {t("toSignIn")}
      </LinkAnchor>
    </Stack>
  );
}
