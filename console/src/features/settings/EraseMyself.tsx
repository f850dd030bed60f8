/* The end of a person, which is not that of an account: what goes, what stays and why, before it is done for good. */

import { Button, List, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { Confirm } from "../../components/Confirm";
import { LinkAnchor } from "../../components/links";
import { useText } from "../../lib/i18n";
import { endChatKey } from "../chat/chatKey";
import { useGuarded } from "../session/proof";
import { messages } from "./messages";
import { securityQuery } from "./queries";

const WORD = "erase me";

export function EraseMyself() {
  const t = useText(messages);
  const cache = useQueryClient();
  const navigate = useNavigate();
  const guarded = useGuarded();
  const [isAsking, setAsking] = useState(false);
  const [password, setPassword] = useState("");
  const security = useQuery({ ...securityQuery, enabled: isAsking });
  const hasPassword = security.data?.has_password === true;
  const erase = useMutation({
    mutationFn: async () => {
      // Nobody could end it afterwards.
      await endChatKey().catch(() => undefined);
      const body = { password: hasPassword ? password : null };
      const prove = () => ask(api.POST("/api/person/erase", { body }));
      // Whoever has no password shows a second factor.
      await (hasPassword ? prove() : guarded(prove));
    },
    onSuccess: async () => {
      await navigate({ to: "/" });
      cache.clear();
      notifications.show({ message: t("erased") });
    },
  });
  return (
    <section>
      <Title order={2} mb="sm">
        {t("eraseTitle")}
      </Title>
      <Text c="dimmed" mb="sm">
        {t("eraseWhat")}{" "}
        <LinkAnchor to="/dashboard/settings/$tab" params={{ tab: "account" }} underline="always">
          {t("closeTitle")}
        </LinkAnchor>
      </Text>
      <Button variant="light" color="red" onClick={() => setAsking(true)}>
        {t("eraseTitle")}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t("eraseTitle")}
        action={t("eraseTitle")}
        danger
        word={{ value: WORD, label: t("eraseWord") }}
        onConfirm={() => erase.mutate()}
        // Until it is known what proves who asks, nothing is sent.
        pending={erase.isPending || security.isPending}
        failure={erase.error}
      >
        <Stack gap="sm">
          <Text>{t("eraseGoes")}</Text>
          <Text>{t("eraseStays")}</Text>
          <List size="sm">
            <List.Item>{t("eraseKeys")}</List.Item>
            <List.Item>{t("eraseOwner")}</List.Item>
          </List>
          {hasPassword && (
            <PasswordInput
              label={t("confirmPassword")}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Stack>
      </Confirm>
    </section>
  );
}
