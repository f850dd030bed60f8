/* What can be done to a channel. */

import { Checkbox, Group, PasswordInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Body } from "../../../api/types";
import { useText } from "../../../lib/i18n";
import { Deed, DeedButton } from "../Deed";
import { WriteButton } from "../Writing";
import { CapsFields } from "./CapsFields";
import { messages } from "./messages";
import type { Caps, Channel } from "./queries";

type Where = Body<"/admin/channels/{name}", "put">;

const KINDS = ["openai", "openai-compatible", "anthropic", "gemini"] as const;

interface DialogProps {
  channel: Channel;
  onClose: () => void;
}

const DIALOGS = { caps: CapsDialog, key: KeyDialog, where: WhereDialog } as const;

export function ChannelButtons({ channel }: { channel: Channel }) {
  const t = useText(messages);
  const [opened, setOpened] = useState<keyof typeof DIALOGS | null>(null);
  const path = { name: channel.name };
  const Dialog = opened === null ? null : DIALOGS[opened];
  const isSimulator = channel.kind === "simulator";
  return (
    <Group gap="xs">
      {channel.enabled ? (
        <DeedButton
          danger
          action={t("disable")}
          what={t("disableWhat")}
          run={() => ask(api.POST("/admin/channels/{name}/disable", { params: { path } }))}
        />
      ) : (
        <DeedButton
          action={t("enable")}
          what={t("enableWhat")}
          run={() => ask(api.POST("/admin/channels/{name}/enable", { params: { path } }))}
        />
      )}
      <WriteButton variant="default" onClick={() => setOpened("caps")}>
        {t("caps")}
      </WriteButton>
      {!isSimulator && (
        <>
          <WriteButton variant="default" onClick={() => setOpened("key")}>
            {t("addKey")}
          </WriteButton>
          <WriteButton variant="default" onClick={() => setOpened("where")}>
            {t("change")}
          </WriteButton>
        </>
      )}
      {Dialog !== null && <Dialog channel={channel} onClose={() => setOpened(null)} />}
    </Group>
  );
}

function CapsDialog({ channel, onClose }: DialogProps) {
  const t = useText(messages);
  const [caps, setCaps] = useState<Caps>(channel.caps);
  return (
    <Deed
      title={`${t("caps")}: ${channel.name}`}
      action={t("save")}
      run={() => ask(api.PUT("/admin/channels/{name}/caps", { params: { path: { name: channel.name } }, body: caps }))}
      onClose={onClose}
    >
      <CapsFields caps={caps} onChange={setCaps} />
    </Deed>
  );
}

function KeyDialog({ channel, onClose }: DialogProps) {
  const t = useText(messages);
  const [secret, setSecret] = useState("");
  return (
    <Deed
      title={`${t("addKey")}: ${channel.name}`}
      action={t("addKey")}
      what={t("keysHint")}
      run={() =>
        ask(
          api.POST("/admin/channels/{name}/keys", {
            params: { path: { name: channel.name } },
            body: { api_key: secret },
          }),
        )
      }
      onClose={onClose}
    >
      <PasswordInput
        label={t("apiKey")}
        description={t("apiKeyHint")}
        required
        autoComplete="off"
        maxLength={4000}
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
    </Deed>
  );
}

function WhereDialog({ channel, onClose }: DialogProps) {
  const t = useText(messages);
  const [where, setWhere] = useState<Where>({
    kind: KINDS.find((each) => each === channel.kind) ?? "openai-compatible",
    provider: channel.provider,
    base_url: channel.base_url,
    allow_private: channel.allow_private,
  });
  return (
    <Deed
      title={`${t("change")}: ${channel.name}`}
      action={t("save")}
      what={t("changeWhat")}
      run={() => ask(api.PUT("/admin/channels/{name}", { params: { path: { name: channel.name } }, body: where }))}
      onClose={onClose}
    >
      <Select
        label={t("kind")}
        data={KINDS}
        allowDeselect={false}
        value={where.kind}
        onChange={(kind) => setWhere({ ...where, kind: KINDS.find((each) => each === kind) ?? where.kind })}
      />
      <TextInput
        label={t("provider")}
        required
        maxLength={200}
        value={where.provider}
        onChange={(event) => setWhere({ ...where, provider: event.currentTarget.value })}
      />
      <TextInput
        label={t("baseUrl")}
        required
        maxLength={500}
        value={where.base_url}
        onChange={(event) => setWhere({ ...where, base_url: event.currentTarget.value })}
      />
      <Checkbox
        label={t("private")}
        checked={where.allow_private}
        onChange={(event) => setWhere({ ...where, allow_private: event.currentTarget.checked })}
      />
    </Deed>
  );
}
