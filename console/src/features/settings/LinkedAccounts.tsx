/* Accounts elsewhere that sign in here, as far as this deployment knows providers of them. */

import { Alert, Button, Group, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useText } from "../../lib/i18n";
import { useGuarded } from "../session/proof";
import { providersQuery } from "../session/queries";
import { messages } from "./messages";
import { securityQuery, type Security } from "./queries";

export function LinkedAccounts({ security }: { security: Security }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const guarded = useGuarded();
  const failed = useFailedJourney();
  const [password, setPassword] = useState("");
  const offered = useQuery(providersQuery).data?.data ?? [];
  const link = useMutation({
    mutationFn: (name: string) => {
      const body = { password: asksPassword ? password : null };
      return guarded(() => ask(api.POST("/api/security/oidc/{name}", { params: { path: { name } }, body })));
    },
    onSuccess: ({ url }) => location.assign(url),
  });
  const unlink = useMutation({
    mutationFn: (name: string) =>
      guarded(() => ask(api.DELETE("/api/security/oidc/{name}", { params: { path: { name } } }))),
    onSuccess: () => cache.invalidateQueries({ queryKey: securityQuery.queryKey }),
  });
  const open = offered.filter((name) => !security.oidc.includes(name));
  // As for a first factor, it needs the password once more.
  const asksPassword = security.has_password && security.totp_since === null && security.passkeys.length === 0;
  if (offered.length === 0 && security.oidc.length === 0) return null;
  return (
    <section>
      <Title order={2}>{t("linkedTitle")}</Title>
      <Text c="dimmed" mb="sm">
        {t("linkedWhat")}
      </Text>
      <Stack maw={480}>
        {failed !== null && <Alert color="red">{t(failed === "oidc_linked" ? "linkTaken" : "linkFailed")}</Alert>}
        {security.oidc.map((name) => (
          <Group key={name} justify="space-between">
            <Text>{name}</Text>
            <Button
              variant="subtle"
              color="red"
              size="compact-sm"
              loading={unlink.isPending && unlink.variables === name}
              onClick={() => unlink.mutate(name)}
            >
              {t("unlink")}
            </Button>
          </Group>
        ))}
        {open.length > 0 && asksPassword && (
          <PasswordInput
            label={t("confirmPassword")}
            autoComplete="current-password"
            maw={360}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        <ActionError failure={link.error ?? unlink.error} />
        <Group>
          {open.map((name) => (
            <Button
              key={name}
              variant="default"
              disabled={asksPassword && password === ""}
              loading={link.isPending && link.variables === name}
              onClick={() => link.mutate(name)}
            >
              {t("link", { name })}
            </Button>
          ))}
        </Group>
      </Stack>
    </section>
  );
}

/** The code that a journey to a provider which failed has left behind the #. */
function useFailedJourney(): string | null {
  const [code] = useState(() => (location.hash.startsWith("#error=") ? location.hash.slice("#error=".length) : null));
  useEffect(() => {
    if (code !== null) history.replaceState(history.state, "", location.pathname);
  }, [code]);
  return code;
}
