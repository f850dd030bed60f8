import { Button, Group, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { Problem, Unreachable } from "../../api/problem";
import type { Body } from "../../api/types";
import { ActionError } from "../../components/ErrorState";
import { messages as common } from "../../components/messages";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { hasPasskeys, makePasskey } from "../../lib/passkey";
import { useGuarded } from "../session/proof";
import { sessionQuery } from "../session/queries";
import { messages } from "./messages";
import { securityQuery, type Security } from "./queries";
import { RenamePasskey } from "./RenamePasskey";

interface PasskeysProps {
  security: Security;
  onCodes: (codes: readonly string[]) => void;
}

export function Passkeys({ security, onCodes }: PasskeysProps) {
  const t = useText(messages);
  const cache = useQueryClient();
  const guarded = useGuarded();
  const [renamed, setRenamed] = useState<Security["passkeys"][number] | null>(null);
  const remove = useMutation({
    mutationFn: (id: string) =>
      guarded(() => ask(api.DELETE("/api/security/passkeys/{passkey_id}", { params: { path: { passkey_id: id } } }))),
    onSuccess: () => cache.invalidateQueries({ queryKey: securityQuery.queryKey }),
  });
  return (
    <section>
      <Title order={2}>{t("passkeysTitle")}</Title>
      <Text c="dimmed" mb="sm">
        {t("passkeysWhat")}
      </Text>
      <Stack>
        {security.passkeys.map((passkey) => (
          <Group key={passkey.id} justify="space-between" maw={480}>
            <div>
              <Text>{passkey.name}</Text>
              {passkey.last_used_at !== null && (
                <Text size="sm" c="dimmed">
                  {t("lastUsed")} <Time value={passkey.last_used_at} as="relative" />
                </Text>
              )}
            </div>
            <Group gap={4}>
              <Button variant="subtle" size="compact-sm" onClick={() => setRenamed(passkey)}>
                {t("rename")}
              </Button>
              <Button variant="subtle" color="red" size="compact-sm" onClick={() => remove.mutate(passkey.id)}>
                {t("remove")}
              </Button>
            </Group>
          </Group>
        ))}
        <ActionError failure={remove.error} />
        {hasPasskeys() ? <Add security={security} onCodes={onCodes} /> : <Text c="dimmed">{t("noPasskeys")}</Text>}
      </Stack>
      {renamed !== null && <RenamePasskey passkey={renamed} onClose={() => setRenamed(null)} />}
    </section>
  );
}

function Add({ security, onCodes }: PasskeysProps) {
  const t = useText(messages);
  const say = useText(common);
  const cache = useQueryClient();
  const guarded = useGuarded();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const asksPassword = security.has_password && security.totp_since === null && security.passkeys.length === 0;
  const add = useMutation({
    mutationFn: async () => {
      const proof = { password: asksPassword ? password : null };
      const { options } = await guarded(() => ask(api.POST("/api/security/passkeys/options", { body: proof })));
      const credential = (await makePasskey(options)) as Body<"/api/security/passkeys">["credential"];
      return ask(api.POST("/api/security/passkeys", { body: { credential, name: name.trim() } }));
    },
    onSuccess: async ({ backup_codes }) => {
      setName("");
      setPassword("");
      onCodes(backup_codes);
      await cache.invalidateQueries({ queryKey: securityQuery.queryKey });
      await cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  const isOurs = add.error instanceof Problem || add.error instanceof Unreachable;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Stack maw={360}>
        <TextInput
          label={t("passkeyName")}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {asksPassword && (
          <PasswordInput
            label={t("confirmPassword")}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        {isOurs && <ActionError failure={add.error} />}
        {add.isError && !isOurs && (
          <Text role="alert" c="red">
            {say("passkeyFailed")}
          </Text>
        )}
        <Group>
          <Button type="submit" variant="default" loading={add.isPending}>
            {t("addPasskey")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
