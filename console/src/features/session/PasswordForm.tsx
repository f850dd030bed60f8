import { Anchor, Button, Divider, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { isCode } from "../../api/problem";
import type { Body } from "../../api/types";
import { ActionError } from "../../components/ErrorState";
import { messages as common } from "../../components/messages";
import { useText } from "../../lib/i18n";
import { hasPasskeys, pickPasskey } from "../../lib/passkey";
import { messages } from "./messages";
import { providersQuery, type Session } from "./queries";

interface PasswordFormProps {
  onSession: (session: Session) => void;
  onFactorNeeded: (methods: readonly ("totp" | "backup_code" | "passkey")[]) => void;
}

export function PasswordForm({ onSession, onFactorNeeded }: PasswordFormProps) {
  const t = useText(messages);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => ask(api.POST("/api/session", { body: { email: email.trim(), password } })),
    onSuccess: (answer) => ("methods" in answer ? onFactorNeeded(answer.methods) : onSession(answer)),
  });
  const isWrong = isCode(signIn.error, "wrong_credentials");
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t("email")}
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t("password")}
            autoComplete="current-password"
            required
            error={isWrong && t("wrong")}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {!isWrong && <ActionError failure={signIn.error} />}
          <Button type="submit" loading={signIn.isPending}>
            {t("signIn")}
          </Button>
        </Stack>
      </form>
      <OtherWays onSession={onSession} />
      <Group justify="space-between">
        <Anchor component={Link} to="/forgot-password" size="sm">
          {t("forgotten")}
        </Anchor>
        <Anchor component={Link} to="/sign-up" size="sm">
          {t("newHere")}
        </Anchor>
      </Group>
    </Stack>
  );
}

function OtherWays({ onSession }: Pick<PasswordFormProps, "onSession">) {
  const t = useText(messages);
  const say = useText(common);
  const providers = useQuery(providersQuery);
  const byPasskey = useMutation({
    mutationFn: async () => {
      const { options } = await ask(api.POST("/api/session/passkey/options"));
      const body = (await pickPasskey(options)) as Body<"/api/session/passkey">;
      return ask(api.POST("/api/session/passkey", { body }));
    },
    onSuccess: onSession,
  });
  const depart = useMutation({
    mutationFn: (name: string) => ask(api.POST("/api/session/oidc/{name}", { params: { path: { name } } })),
    onSuccess: ({ url }) => location.assign(url),
  });
  const names = providers.data?.data ?? [];
  if (!hasPasskeys() && names.length === 0) return null;
  return (
    <Stack gap="xs">
      <Divider label={t("or")} />
      {hasPasskeys() && (
        <Button
          variant="default"
          leftSection={<IconFingerprint size={16} />}
          loading={byPasskey.isPending}
          onClick={() => byPasskey.mutate()}
        >
          {t("byPasskey")}
        </Button>
      )}
      {names.map((name) => (
        <Button key={name} variant="default" onClick={() => depart.mutate(name)}>
          {t("by", { name })}
        </Button>
      ))}
      {byPasskey.isError && (
        <Text role="alert" size="sm" c="red">
          {say("passkeyFailed")}
        </Text>
      )}
      <ActionError failure={depart.error} />
    </Stack>
  );
}
