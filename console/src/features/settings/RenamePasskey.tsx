import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { messages as common } from "../../components/messages";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { securityQuery, type Security } from "./queries";

interface RenamePasskeyProps {
  passkey: Security["passkeys"][number];
  onClose: () => void;
}

export function RenamePasskey({ passkey, onClose }: RenamePasskeyProps) {
  const t = useText(messages);
  const say = useText(common);
  const cache = useQueryClient();
  const [name, setName] = useState(passkey.name);
  const rename = useMutation({
    mutationFn: () => {
      const params = { path: { passkey_id: passkey.id } };
      return ask(api.PUT("/api/security/passkeys/{passkey_id}", { params, body: { name: name.trim() } }));
    },
    onSuccess: () => {
      onClose();
      return cache.invalidateQueries({ queryKey: securityQuery.queryKey });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("renamePasskey")} closeButtonProps={{ "aria-label": say("close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t("passkeyName")}
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <ActionError failure={rename.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say("cancel")}
            </Button>
            <Button type="submit" loading={rename.isPending}>
              {t("rename")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
