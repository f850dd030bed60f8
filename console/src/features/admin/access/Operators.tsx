/* Operators and what each may do. */

import { Badge, Button, Group, Text, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Item } from "../../../api/types";
import { DataTable } from "../../../components/DataTable";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Deed, DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { messages } from "./messages";
import { ScopeFields } from "./ScopeFields";
import { useScopeText } from "./scopes/useScopeText";

type Operator = Item<"/admin/operators">;

export const operatorsQuery = queryOptions({
  queryKey: ["admin", "operators"],
  queryFn: ({ signal }) => ask(api.GET("/admin/operators", { signal })),
});

export function Operators() {
  const t = useText(messages);
  const say = useText(words);
  const [opened, setOpened] = useState<Operator | "new" | null>(null);
  return (
    <>
      <Group justify="flex-end" mb="md">
        <Button onClick={() => setOpened("new")}>{t("addOperator")}</Button>
      </Group>
      <Loaded query={useQuery(operatorsQuery)}>
        {({ data }) => (
          <DataTable
            label={t("operators")}
            rows={data}
            id={(each) => each.person_id}
            columns={[
              { key: "email", title: t("address"), cell: (each) => <span className="address">{each.email}</span> },
              { key: "scopes", title: t("scopes"), from: "sm", cell: (each) => <Scopes scopes={each.scopes} /> },
              {
                key: "factor",
                title: t("secondFactor"),
                from: "sm",
                cell: (each) => (each.has_second_factor ? "✓" : <Badge color="yellow">{t("missing")}</Badge>),
              },
              { key: "since", title: t("since"), from: "lg", cell: (each) => <Time value={each.created_at} as="date" /> },
              { key: "deeds", title: say("actions"), align: "right", cell: (each) => <Deeds operator={each} onChange={setOpened} /> },
            ]}
          />
        )}
      </Loaded>
      {opened !== null && <SetOperator operator={opened === "new" ? undefined : opened} onClose={() => setOpened(null)} />}
    </>
  );
}

export function Scopes({ scopes }: { scopes: readonly string[] }) {
  const t = useText(messages);
  const nameOf = useScopeText();
  return (
    <>
      <Text size="sm">{scopes.includes("*") ? t("everything") : scopes.map(nameOf).join(", ")}</Text>
      {!scopes.includes("*") && (
        <Text size="xs" c="dimmed">
          {scopes.join(", ")}
        </Text>
      )}
    </>
  );
}

function Deeds({ operator, onChange }: { operator: Operator; onChange: (operator: Operator) => void }) {
  const t = useText(messages);
  const params = { path: { person_id: operator.person_id } };
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button size="xs" variant="default" onClick={() => onChange(operator)}>
        {t("change")}
      </Button>
      <DeedButton
        small
        danger
        action={t("revoke")}
        what={t("revokeOperator", { email: operator.email })}
        reason="optional"
        run={(reason) => ask(api.POST("/admin/operators/{person_id}/revoke", { params, body: { reason } }))}
      />
    </Group>
  );
}

function SetOperator({ operator, onClose }: { operator: Operator | undefined; onClose: () => void }) {
  const t = useText(messages);
  const [email, setEmail] = useState("");
  const [scopes, setScopes] = useState(operator?.scopes ?? []);
  return (
    <Deed
      title={operator?.email ?? t("addOperator")}
      action={operator === undefined ? t("addOperator") : t("save")}
      reason="optional"
      disabled={scopes.length === 0}
      run={(reason) =>
        ask(
          operator === undefined
            ? api.POST("/admin/operators", { body: { email, scopes, reason } })
            : api.PUT("/admin/operators/{person_id}", {
                params: { path: { person_id: operator.person_id } },
                body: { scopes, reason },
              }),
        )
      }
      onClose={onClose}
    >
      {operator === undefined && (
        <TextInput
          label={t("address")}
          description={t("invitedByMail")}
          type="email"
          required
          maxLength={254}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
      )}
      <ScopeFields scopes={scopes} onChange={setScopes} />
    </Deed>
  );
}
