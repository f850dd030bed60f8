import { Alert, Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { CopyButton } from "../../components/CopyButton";
import { ActionError } from "../../components/ErrorState";
import { useText } from "../../lib/i18n";
import { useGuarded } from "../session/proof";
import { useSession } from "../session/queries";
import { messages } from "./messages";
import { securityQuery } from "./queries";

/** Fresh codes, shown this once. */
export function NewBackupCodes({ codes }: { codes: readonly string[] }) {
  const t = useText(messages);
  return (
    <Alert color="yellow" title={t("codesTitle")} role="status">
      <Stack>
        <Text>{t("codesKeep")}</Text>
        <Code block>{codes.join("\n")}</Code>
        <Group>
          <CopyButton value={codes.join("\n")} full />
        </Group>
      </Stack>
    </Alert>
  );
}

interface BackupCodesProps {
  left: number;
  onCodes: (codes: readonly string[]) => void;
}

/** How many are left; new ones make the old ones worthless. Nothing for who has no second factor. */
export function BackupCodes({ left, onCodes }: BackupCodesProps) {
  const t = useText(messages);
  const cache = useQueryClient();
  const guarded = useGuarded();
  const renew = useMutation({
    mutationFn: () => guarded(() => ask(api.POST("/api/security/backup-codes"))),
    onSuccess: ({ backup_codes }) => {
      onCodes(backup_codes);
      return cache.invalidateQueries({ queryKey: securityQuery.queryKey });
    },
  });
  if (!useSession().has_second_factor) return null;
  return (
    <section>
      <Title order={2} mb="sm">
        {t("codesTitle")}
      </Title>
      <Stack align="flex-start">
        <Text>{t("codesLeft", { count: left })}</Text>
        <ActionError failure={renew.error} />
        <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
          {t("newCodes")}
        </Button>
      </Stack>
    </section>
  );
}
