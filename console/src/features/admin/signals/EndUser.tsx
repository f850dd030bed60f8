/* Providers complain of an end user by the id that we told them: whose calls those were. */

import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { ActionError } from "../../../components/ErrorState";
import { LinkButton } from "../../../components/links";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { messages } from "./messages";

const ID_LENGTH = 40;

export function EndUser() {
  const t = useText(messages);
  const say = useText(words);
  const [id, setId] = useState("");
  const find = useMutation({
    mutationFn: () =>
      ask(api.GET("/admin/risk/end-users/{end_user_id}", { params: { path: { end_user_id: id } } })),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        find.mutate();
      }}
    >
      <Stack>
        <Text c="dimmed">{t("endUserWhat")}</Text>
        <TextInput
          label={t("endUserId")}
          required
          minLength={ID_LENGTH}
          maxLength={ID_LENGTH}
          pattern="[0-9a-f]{40}"
          title={t("endUserForm")}
          value={id}
          onChange={(event) => setId(event.currentTarget.value.trim())}
        />
        <Button type="submit" loading={find.isPending}>
          {t("find")}
        </Button>
        <ActionError failure={find.error} />
        {find.data !== undefined && (
          <LinkButton variant="light" to="/admin/accounts/$account" params={{ account: find.data.account_id }}>
            {say("openAccount")}
          </LinkButton>
        )}
      </Stack>
    </form>
  );
}
