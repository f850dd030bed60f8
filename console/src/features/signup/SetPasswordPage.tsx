import { Alert, Button, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { LinkButton } from "../../components/links";
import { useText } from "../../lib/i18n";
import { useLinkSecret } from "./linkSecret";
import { messages } from "./messages";

/** The link of a reset, or of an operator's invitation: choose a password. */
export function SetPasswordPage() {
  const t = useText(messages);
  const secret = useLinkSecret();
  const [password, setPassword] = useState("");
  const set = useMutation({
    mutationFn: (known: string) => ask(api.POST("/api/password/set", { body: { secret: known, new: password } })),
  });
  const wrong = useFieldFailure(set.error, "password");
  return (
    <Stack>
      <Title order={1}>{t("setTitle")}</Title>
      {secret === undefined && <Alert color="yellow">{t("brokenLink")}</Alert>}
      {set.isSuccess && (
        <>
          <Text role="status">{t("setDone")}</Text>
          <LinkButton to="/sign-in">{t("toSignIn")}</LinkButton>
        </>
      )}
      {secret !== undefined && !set.isSuccess && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            set.mutate(secret);
          }}
        >
          <Stack>
            <Text c="dimmed">{t("setLead")}</Text>
            <PasswordInput
              label={t("password")}
              error={wrong.at.password}
              description={t("passwordRule")}
              autoComplete="new-password"
              required
              minLength={10}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <ActionError failure={wrong.rest} />
            <Button type="submit" loading={set.isPending}>
              {t("set")}
            </Button>
          </Stack>
        </form>
      )}
    </Stack>
  );
}
