/* Who is asked to join, and who has not answered yet. */

import { Button, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { invitationsQuery } from "./queries";
import { ROLES, type Role } from "./roles";

export function Invitations() {
  const t = useText(messages);
  const cache = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("developer");
  const again = () => cache.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  const waiting = useQuery(invitationsQuery).data?.data ?? [];
  const invite = useMutation({
    mutationFn: () => ask(api.POST("/api/members/invitations", { body: { email: email.trim(), role } })),
    onSuccess: () => {
      setEmail("");
      return again();
    },
  });
  const revoke = useMutation({
    mutationFn: (id: string) =>
      ask(api.POST("/api/members/invitations/{invitation_id}/revoke", { params: { path: { invitation_id: id } } })),
    onSuccess: again,
  });
  return (
    <section>
      <Title order={2} mb="sm">
        {t("inviteTitle")}
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate();
        }}
      >
        <Group align="flex-end" className="fields">
          <TextInput
            label={t("email")}
            type="email"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Select
            label={t("role")}
            w={140}
            data={ROLES.map((each) => ({ value: each, label: t(each) }))}
            value={role}
            allowDeselect={false}
            onChange={(value) => setRole(ROLES.find((each) => each === value) ?? role)}
          />
          <Button type="submit" variant="default" loading={invite.isPending}>
            {t("invite")}
          </Button>
        </Group>
      </form>
      <Stack mt="sm">
        <ActionError failure={invite.error ?? revoke.error} />
        {waiting.map((each) => (
          <Group key={each.id} gap="sm">
            <Text className="as-written">
              {t("invited", { email: each.email })}
            </Text>
            <Button variant="subtle" size="compact-sm" onClick={() => revoke.mutate(each.id)}>
              {t("takeBack")}
            </Button>
          </Group>
        ))}
      </Stack>
    </section>
  );
}
