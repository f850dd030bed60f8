/* An authenticator app: scan, enter a code, done. */

import { Button, Code, Group, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { CopyButton } from "../../components/CopyButton";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { QrCode } from "../../components/QrCode";
import { useLanguage, useText } from "../../lib/i18n";
import { shortTime } from "../../lib/time";
import { useGuarded } from "../session/proof";
import { sessionQuery } from "../session/queries";
import { messages } from "./messages";
import { securityQuery, type Security } from "./queries";

interface TotpProps {
  security: Security;
  onCodes: (codes: readonly string[]) => void;
}

export function Totp({ security, onCodes }: TotpProps) {
  const t = useText(messages);
  const { language } = useLanguage();
  const cache = useQueryClient();
  const guarded = useGuarded();
  const remove = useMutation({
    mutationFn: () => guarded(() => ask(api.DELETE("/api/security/totp"))),
    onSuccess: () => again(cache),
  });
  return (
    <section>
      <Title order={2} mb="sm">
        {t("totpTitle")}
      </Title>
      {security.totp_since === null ? (
        <SetUp security={security} onCodes={onCodes} />
      ) : (
        <Stack align="flex-start">
          <Text>{t("totpSince", { time: shortTime(security.totp_since, language) })}</Text>
          <ActionError failure={remove.error} />
          <Button variant="light" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t("remove")}
          </Button>
        </Stack>
      )}
    </section>
  );
}

async function again(cache: ReturnType<typeof useQueryClient>): Promise<void> {
  await cache.invalidateQueries({ queryKey: securityQuery.queryKey });
  await cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
}

function SetUp({ security, onCodes }: TotpProps) {
  const t = useText(messages);
  const cache = useQueryClient();
  const guarded = useGuarded();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  // As the first factor, it needs the password once more.
  const asksPassword = security.has_password && security.passkeys.length === 0;
  const begin = useMutation({
    mutationFn: () => {
      const body = { password: asksPassword ? password : null };
      return guarded(() => ask(api.POST("/api/security/totp", { body })));
    },
  });
  const wrong = useFieldFailure(begin.error, "password");
  const confirm = useMutation({
    mutationFn: () => ask(api.POST("/api/security/totp/confirm", { body: { code: code.trim() } })),
    onSuccess: ({ backup_codes }) => {
      onCodes(backup_codes);
      return again(cache);
    },
  });
  const made = begin.data;
  if (made === undefined) {
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          begin.mutate();
        }}
      >
        <Stack maw={360}>
          <Text c="dimmed">{t("totpNone")}</Text>
          {asksPassword && (
            <PasswordInput
              label={t("confirmPassword")}
              error={wrong.at.password}
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          <ActionError failure={wrong.rest} />
          <Group>
            <Button type="submit" variant="default" loading={begin.isPending}>
              {t("totpSetUp")}
            </Button>
          </Group>
        </Stack>
      </form>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <Stack maw={480}>
        <Text>{t("totpScan")}</Text>
        <QrCode text={made.uri} label={t("totpTitle")} />
        <Group gap="xs">
          <Code className="secret">{made.secret}</Code>
          <CopyButton value={made.secret} />
        </Group>
        <TextInput
          label={t("totpCode")}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          pattern="[0-9]{6}"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <ActionError failure={confirm.error} />
        <Group>
          <Button type="submit" loading={confirm.isPending}>
            {t("confirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
