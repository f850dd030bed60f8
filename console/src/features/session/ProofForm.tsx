import { Button, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import type { Body } from "../../api/types";
import { ActionError } from "../../components/ErrorState";
import { messages } from "../../components/messages";
import { useText } from "../../lib/i18n";
import { hasPasskeys, pickPasskey } from "../../lib/passkey";
import { sessionQuery } from "./queries";

type Factor = Partial<Body<"/api/session/prove">>;

/** Shows one second factor again: a code, a backup code or a passkey. */
export function ProofForm({ onProved }: { onProved: () => void }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const session = useQuery(sessionQuery).data;
  const [code, setCode] = useState("");
  const prove = useMutation({
    mutationFn: (factor: Factor) =>
      ask(api.POST("/api/session/prove", { body: { totp: null, backup_code: null, passkey: null, ...factor } })),
    onSuccess: (proved) => {
      cache.setQueryData(sessionQuery.queryKey, proved);
      onProved();
    },
  });
  const byPasskey = useMutation({
    mutationFn: async () => {
      const { options } = await ask(api.POST("/api/session/passkey/options"));
      await prove.mutateAsync({ passkey: (await pickPasskey(options)) as Factor["passkey"] });
    },
  });
  if (session?.has_second_factor === false) return <Text>{t("noFactor")}</Text>;
  const isTotp = /^\d{6}$/.test(code.trim());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        prove.mutate(isTotp ? { totp: code.trim() } : { backup_code: code.trim() });
      }}
    >
      <Stack>
        <Text>{t("proveWhy")}</Text>
        <TextInput
          label={t("proveCode")}
          description={t("proveBackup")}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          autoComplete="one-time-code"
          data-autofocus
        />
        <ActionError failure={prove.error} />
        {byPasskey.isError && !prove.isError && <Text c="red">{t("passkeyFailed")}</Text>}
        <Button type="submit" disabled={code.trim() === ""} loading={prove.isPending}>
          {t("prove")}
        </Button>
        {hasPasskeys() && (
          <Button variant="default" leftSection={<IconFingerprint size={16} />} onClick={() => byPasskey.mutate()}>
            {t("proveByPasskey")}
          </Button>
        )}
      </Stack>
    </form>
  );
}
