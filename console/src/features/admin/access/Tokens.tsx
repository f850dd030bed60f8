/* Tokens of programs. A secret is seen once: when it is made. */

import { Badge, Button, Code, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { messages as common } from "../../../components/messages";
import { shownOnce } from "../../../components/shownOnce";
import { Snippet } from "../../../components/Snippet";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Deed, DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { MomentInput } from "../MomentInput";
import { messages } from "./messages";
import { Scopes } from "./Operators";
import { ScopeFields } from "./ScopeFields";

type Token = Item<"/admin/tokens">;

const tokensQuery = paged(["admin", "tokens"], (after, signal) =>
  ask(api.GET("/admin/tokens", { params: { query: { after } }, signal })),
);

export function Tokens() {
  const t = useText(messages);
  const say = useText(common);
  const [isMaking, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <Group justify="flex-end" mb="md">
        <Button onClick={() => setMaking(true)}>{t("makeToken")}</Button>
      </Group>
      <PagedTable
        label={t("tokens")}
        columns={useColumns()}
        query={useInfiniteQuery(tokensQuery)}
        id={(token) => token.id}
        empty={<EmptyState icon={IconKey} title={t("noTokens")} />}
      />
      {isMaking && <MakeToken onMade={setSecret} onClose={() => setMaking(false)} />}
      {secret !== null && (
        <Modal opened onClose={() => setSecret(null)} title={t("newToken")} {...shownOnce()}>
          <Stack>
            <Text>{t("secretOnce")}</Text>
            <Snippet code={secret} />
            <Group justify="flex-end">
              <Button onClick={() => setSecret(null)}>{say("done")}</Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </>
  );
}

function useColumns(): readonly Column<Token>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "name", title: t("name"), cell: (token) => token.name },
    { key: "prefix", title: t("token"), from: "sm", cell: (token) => <Code>{token.prefix}…</Code> },
    { key: "scopes", title: t("scopes"), from: "md", cell: (token) => <Scopes scopes={token.scopes} /> },
    {
      key: "until",
      title: t("until"),
      from: "sm",
      cell: (token) => (token.expires_at === null ? "–" : <Time value={token.expires_at} as="date" />),
    },
    {
      key: "state",
      title: say("status"),
      align: "right",
      cell: (token) =>
        token.revoked_at === null ? (
          <DeedButton
            small
            danger
            action={t("revoke")}
            what={t("revokeToken")}
            run={() => ask(api.POST("/admin/tokens/{token_id}/revoke", { params: { path: { token_id: token.id } } }))}
          />
        ) : (
          <Badge color="gray">{t("revoked")}</Badge>
        ),
    },
  ];
}

function MakeToken({ onMade, onClose }: { onMade: (secret: string) => void; onClose: () => void }) {
  const t = useText(messages);
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [until, setUntil] = useState<string | null>(null);
  return (
    <Deed
      title={t("makeToken")}
      action={t("makeToken")}
      disabled={scopes.length === 0}
      run={() => ask(api.POST("/admin/tokens", { body: { name, scopes, expires_at: until } }))}
      onDone={(made) => onMade(made.secret)}
      onClose={onClose}
    >
      <TextInput
        label={t("name")}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ScopeFields scopes={scopes} onChange={setScopes} />
      <MomentInput label={t("until")} description={t("ninetyDays")} value={until} onChange={setUntil} />
    </Deed>
  );
}
