/* Somebody: what is known of them, where they belong, and what is done to them. */

import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer } from "../../../api/types";
import { Facts } from "../../../components/Facts";
import { Id } from "../../../components/Id";
import { LinkAnchor } from "../../../components/links";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { saveAs } from "../../../lib/file";
import { LANGUAGE_NAMES, LANGUAGES, useText } from "../../../lib/i18n";
import { Deed, DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { Value } from "../values/Value";
import { WriteButton } from "../Writing";
import { messages } from "./messages";

export type Person = Answer<"/admin/people/{person_id}">;

const personQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "person", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/people/{person_id}", { params: { path: { person_id: id } }, signal })),
  });

export function PersonDetail({ id }: { id: string }) {
  return <Loaded query={useQuery(personQuery(id))}>{(person) => <Shown person={person} />}</Loaded>;
}

function Shown({ person }: { person: Person }) {
  const t = useText(messages);
  const say = useText(words);
  const language = LANGUAGES.find((each) => each === person.language);
  return (
    <Stack>
      <Facts
        facts={[
          [t("address"), person.email || "–"],
          [t("person"), <Id key="id" value={person.id} full />],
          [say("status"), <PersonStatus key="status" person={person} />],
          person.display_name !== "" && [t("name"), person.display_name],
          [t("language"), language === undefined ? person.language : LANGUAGE_NAMES[language]],
          [t("since"), <Time key="since" value={person.created_at} />],
        ]}
      />
      <section>
        <Title order={3} mb="xs">
          {say("accounts")}
        </Title>
        {person.memberships.length === 0 && <Text c="dimmed">{t("noAccounts")}</Text>}
        {person.memberships.map((each) => (
          <Group key={each.account_id} gap="xs">
            <Value of={each.role} />
            <LinkAnchor to="/admin/accounts/$account" params={{ account: each.account_id }}>
              {say("openAccount")}
            </LinkAnchor>
          </Group>
        ))}
      </section>
      {person.status !== "erased" && <Deeds person={person} />}
    </Stack>
  );
}

export function PersonStatus({ person }: { person: Pick<Person, "status" | "email_verified"> }) {
  const t = useText(messages);
  return (
    <Group gap={4}>
      <Badge color={person.status === "active" ? "gray" : "red"}>{t(person.status)}</Badge>
      {!person.email_verified && person.status !== "erased" && <Badge color="yellow">{t("unconfirmed")}</Badge>}
    </Group>
  );
}

function Deeds({ person }: { person: Person }) {
  const t = useText(messages);
  const [isErasing, setErasing] = useState(false);
  const params = { path: { person_id: person.id } };
  return (
    <Group gap="xs">
      {person.status === "active" ? (
        <DeedButton
          action={t("suspend")}
          what={t("suspendWhat")}
          reason="needed"
          run={(reason) => ask(api.POST("/admin/people/{person_id}/suspend", { params, body: { reason } }))}
        />
      ) : (
        <DeedButton
          action={t("restore")}
          reason="needed"
          run={(reason) => ask(api.POST("/admin/people/{person_id}/restore", { params, body: { reason } }))}
        />
      )}
      <DeedButton
        action={t("export")}
        what={t("exportWhat")}
        reason="needed"
        run={(reason) => ask(api.POST("/admin/people/{person_id}/export", { params, body: { reason } }))}
        onDone={(data) =>
          saveAs(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }), `person-${person.id}.json`)
        }
      />
      <WriteButton variant="light" color="red" onClick={() => setErasing(true)}>
        {t("erase")}
      </WriteButton>
      {isErasing && (
        <Deed
          title={t("erase")}
          action={t("erase")}
          what={t("eraseWhat", { email: person.email })}
          reason="needed"
          word={{ value: person.email, label: t("eraseWord", { email: person.email }) }}
          danger
          run={(reason) => ask(api.POST("/admin/people/{person_id}/erase", { params, body: { reason } }))}
          onClose={() => setErasing(false)}
        />
      )}
    </Group>
  );
}
