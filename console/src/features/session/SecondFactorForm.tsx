import { Button, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import type { Body } from "../../api/types";
import { ActionError } from "../../components/ErrorState";
import { messages as common } from "../../components/messages";
import { useText } from "../../lib/i18n";
import { hasPasskeys, pickPasskey } from "../../lib/passkey";
import { messages } from "./messages";
import type { Session } from "./queries";

type Factor = Partial<Body<"/api/session/second-factor">>;

interface SecondFactorFormProps {
  methods: readonly ("totp" | "backup_code" | "passkey")[];
  onSession: (session: Session) => void;
  onStartOver: () => void;
}

export function SecondFactorForm({ methods, onSession, onStartOver }: SecondFactorFormProps) {
  const t = useText(messages);
  const say = useText(common);
  const [code, setCode] = useState("");
  const show = useMutation({
    mutationFn: (factor: Factor) =>
      ask(
        api.POST("/api/session/second-factor", {
          body: { totp: null, backup_code: null, passkey: null, ...factor },
        }),
      ),
    onSuccess: onSession,
  });
  const byPasskey = useMutation({
    mutationFn: async () => {
      const { options } = await ask(api.POST("/api/session/passkey/options"));
      await show.mutateAsync({ passkey: (await pickPasskey(options)) as Factor["passkey"] });
    },
  });
  const isTotp = /^\d{6}$/.test(code.trim());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        show.mutate(isTotp ? { totp: code.trim() } : { backup_code: code.trim() });
      }}
    >
      <Stack>
        {methods.some((method) => method !== "passkey") && (
          <>
            <TextInput
              label={t("code")}
              description={methods.includes("backup_code") ? t("orBackup") : undefined}
              autoComplete="one-time-code"
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <Button type="submit" disabled={code.trim() === ""} loading={show.isPending}>
              {t("confirm")}
            </Button>
          </>
        )}
        {methods.includes("passkey") && hasPasskeys() && (
          <Button variant="default" leftSection={<IconFingerprint size={16} />} onClick={() => byPasskey.mutate()}>
            {t("usePasskey")}
          </Button>
        )}
        <ActionError failure={show.error} />
        {byPasskey.isError && !show.isError && (
          <Text role="alert" size="sm" c="red">
            {say("passkeyFailed")}
          </Text>
        )}
        <Button variant="subtle" color="gray" onClick={onStartOver}>
          {t("startOver")}
        </Button>
      </Stack>
    </form>
  );
}
