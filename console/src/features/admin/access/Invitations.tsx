/* Invitations to open an account, where not everybody may. */

import { Group, TextInput } from "@mantine/core";
import { IconMailPlus } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { DataTable } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Deed, DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { WriteButton } from "../Writing";
import { messages } from "./messages";

const invitationsQuery = queryOptions({
  queryKey: ["admin", "invitations"],
  queryFn: ({ signal }) => ask(api.GET("/admin/invitations", { signal })),
});

export function Invitations() {
  const t = useText(messages);
  const say = useText(words);
  const [isInviting, setInviting] = useState(false);
  return (
    <>
      <Group justify="flex-end" mb="md">
        <WriteButton onClick={() => setInviting(true)}>{t("invite")}</WriteButton>
      </Group>
      <Loaded query={useQuery(invitationsQuery)}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState icon={IconMailPlus} title={t("noInvitations")} />
          ) : (
            <DataTable
              label={t("invitations")}
              rows={data}
              id={(each) => each.id}
              columns={[
                { key: "email", title: t("address"), cell: (each) => <span className="address">{each.email}</span> },
                { key: "until", title: t("until"), cell: (each) => <Time value={each.expires_at} /> },
                {
                  key: "deeds",
                  title: say("actions"),
                  align: "right",
                  cell: (each) => (
                    <DeedButton
                      small
                      action={t("revoke")}
                      what={t("revokeInvitation")}
                      run={() =>
                        ask(
                          api.POST("/admin/invitations/{invitation_id}/revoke", {
                            params: { path: { invitation_id: each.id } },
                          }),
                        )
                      }
                    />
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {isInviting && <Invite onClose={() => setInviting(false)} />}
    </>
  );
}

function Invite({ onClose }: { onClose: () => void }) {
  const t = useText(messages);
  const [email, setEmail] = useState("");
  return (
    <Deed
      title={t("invite")}
      action={t("invite")}
      run={() => ask(api.POST("/admin/invitations", { body: { email } }))}
      onClose={onClose}
    >
      <TextInput
        label={t("address")}
        type="email"
        required
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
      />
    </Deed>
  );
}
