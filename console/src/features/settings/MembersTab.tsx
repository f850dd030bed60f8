import { Button, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { Confirm } from "../../components/Confirm";
import { DataTable, type Column } from "../../components/DataTable";
import { ActionError } from "../../components/ErrorState";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { useSession } from "../session/queries";
import { messages } from "./messages";
import { invitationsQuery, membersQuery, type Member } from "./queries";

const ROLES = ["owner", "developer", "billing"] as const;
type Role = (typeof ROLES)[number];

export function MembersTab() {
  const t = useText(messages);
  const session = useSession();
  const isOwner = session.role === "owner";
  const cache = useQueryClient();
  const [leaving, setLeaving] = useState<Member | null>(null);
  const again = () => cache.invalidateQueries({ queryKey: membersQuery.queryKey });
  const change = useMutation({
    mutationFn: ({ id, role }: { id: string; role: Role }) =>
      ask(api.PUT("/api/members/{person_id}", { params: { path: { person_id: id } }, body: { role } })),
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: (id: string) => ask(api.DELETE("/api/members/{person_id}", { params: { path: { person_id: id } } })),
    onSuccess: () => {
      setLeaving(null);
      return again();
    },
  });
  const columns: Column<Member>[] = [
    { key: "name", title: t("name"), cell: (each) => each.display_name || each.email },
    { key: "email", title: t("email"), from: "sm", cell: (each) => each.email },
    {
      key: "role",
      title: t("role"),
      cell: (each) =>
        isOwner && each.person_id !== session.person_id ? (
          <Select
            aria-label={t("role")}
            size="xs"
            w={120}
            data={ROLES.map((role) => ({ value: role, label: t(role) }))}
            value={each.role}
            allowDeselect={false}
            onChange={(role) => change.mutate({ id: each.person_id, role: ROLES.find((one) => one === role) ?? each.role })}
          />
        ) : (
          t(each.role)
        ),
    },
    { key: "since", title: t("since"), from: "md", cell: (each) => <Time value={each.since} as="date" /> },
    {
      key: "remove",
      title: t("remove"),
      align: "right",
      cell: (each) =>
        isOwner &&
        each.person_id !== session.person_id && (
          <Button variant="subtle" color="red" size="compact-sm" onClick={() => setLeaving(each)}>
            {t("remove")}
          </Button>
        ),
    },
  ];
  return (
    <Stack gap="lg">
      <Text c="dimmed">{t("membersWhat")}</Text>
      <Loaded query={useQuery(membersQuery)}>
        {({ data }) => (
          <DataTable label={t("members")} columns={columns} rows={data} id={(each) => each.person_id} />
        )}
      </Loaded>
      <ActionError failure={change.error} />
      {isOwner && <Invitations />}
      <Confirm
        opened={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t("removeMember", { name: leaving?.email ?? "" })}
        action={t("remove")}
        danger
        onConfirm={() => leaving !== null && remove.mutate(leaving.person_id)}
        pending={remove.isPending}
        failure={remove.error}
      >
        {t("removeWhat")}
      </Confirm>
    </Stack>
  );
}

function Invitations() {
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
        <Group align="flex-end">
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
            <Text>
              {t("invited")}: {each.email}
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
