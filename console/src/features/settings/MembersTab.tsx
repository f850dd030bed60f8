import { Box, Button, Group, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { DataTable, type Column } from "../../components/DataTable";
import { ActionError } from "../../components/ErrorState";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { useSession } from "../session/queries";
import { Invitations } from "./Invitations";
import { LeaveAccount, RemoveMember, TransferOwnership } from "./MemberDialogs";
import { messages } from "./messages";
import { membersQuery, type Member } from "./queries";
import { ROLES, type Role } from "./roles";

type Deed = "transfer" | "remove" | "leave";

export function MembersTab() {
  const t = useText(messages);
  const session = useSession();
  const isOwner = session.role === "owner";
  const cache = useQueryClient();
  const [asked, setAsked] = useState<{ deed: Deed; member: Member } | null>(null);
  const change = useMutation({
    mutationFn: ({ id, role }: { id: string; role: Role }) =>
      ask(api.PUT("/api/members/{person_id}", { params: { path: { person_id: id } }, body: { role } })),
    onSettled: () => cache.invalidateQueries({ queryKey: membersQuery.queryKey }),
  });
  const close = () => setAsked(null);
  const deedsFor = (member: Member): readonly Deed[] => {
    if (member.person_id === session.person_id) return ["leave"];
    return isOwner ? ["transfer", "remove"] : [];
  };
  const columns: Column<Member>[] = [
    {
      key: "name",
      title: t("name"),
      cell: (each) => (
        <Box className="as-written" miw={{ base: 100, sm: 340 }}>
          {each.display_name !== "" && <Text>{each.display_name}</Text>}
          <Text c={each.display_name === "" ? undefined : "dimmed"}>{each.email}</Text>
        </Box>
      ),
    },
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
      key: "actions",
      title: t("actions"),
      quiet: true,
      align: "right",
      cell: (member) => (
        <Group gap={4} justify="flex-end">
          {deedsFor(member).map((deed) => (
            <Button
              key={deed}
              variant="subtle"
              color={deed === "transfer" ? undefined : "red"}
              size="compact-sm"
              onClick={() => setAsked({ deed, member })}
            >
              {t(deed)}
            </Button>
          ))}
        </Group>
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
      {asked?.deed === "transfer" && <TransferOwnership to={asked.member} onClose={close} />}
      {asked?.deed === "remove" && <RemoveMember member={asked.member} onClose={close} />}
      {asked?.deed === "leave" && <LeaveAccount me={asked.member} onClose={close} />}
    </Stack>
  );
}
