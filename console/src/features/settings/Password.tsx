import { Button, Group, PasswordInput, Stack, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { isCode } from "../../api/problem";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { useText } from "../../lib/i18n";
import { useGuarded } from "../session/proof";
import { messages } from "./messages";

export function Password({ hasOne }: { hasOne: boolean }) {
  const t = useText(messages);
  const guarded = useGuarded();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const change = useMutation({
    mutationFn: () =>
      guarded(() => ask(api.POST("/api/password", { body: { old: hasOne ? old : null, new: fresh } }))),
    onSuccess: () => {
      setOld("");
      setFresh("");
      notifications.show({ message: t("passwordChanged") });
    },
  });
  const wrong = useFieldFailure(change.error, "password");
  // The API calls both of them the password.
  const isOldWrong = isCode(change.error, "wrong_password");
  return (
    <section>
      <Title order={2} mb="sm">
        {t("passwordTitle")}
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Stack maw={360}>
          {hasOne && (
            <PasswordInput
              label={t("oldPassword")}
              error={isOldWrong && wrong.at.password}
              autoComplete="current-password"
              required
              value={old}
              onChange={(event) => setOld(event.currentTarget.value)}
            />
          )}
          <PasswordInput
            label={t("newPassword")}
            error={!isOldWrong && wrong.at.password}
            description={t("passwordRule")}
            autoComplete="new-password"
            required
            minLength={10}
            value={fresh}
            onChange={(event) => setFresh(event.currentTarget.value)}
          />
          <ActionError failure={wrong.rest} />
          <Group>
            <Button type="submit" variant="default" loading={change.isPending}>
              {t("changePassword")}
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}
