import { TextInput } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import type { Code } from "./BatchDetail";
import { messages } from "./messages";

interface FindCodeProps {
  onFound: (code: Code) => void;
  onClose: () => void;
}

/** What has become of a code that a customer asks about: its batch opens with it. */
export function FindCode({ onFound, onClose }: FindCodeProps) {
  const t = useText(messages);
  const [code, setCode] = useState("");
  return (
    <Deed
      title={t("findCode")}
      action={t("find")}
      what={t("findWhat")}
      run={() => ask(api.POST("/admin/codes/find", { body: { code } }))}
      onDone={onFound}
      onClose={onClose}
    >
      <TextInput
        label={t("code")}
        placeholder="7M2QX-0RWDC-…"
        required
        maxLength={60}
        autoComplete="off"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        data-autofocus
      />
    </Deed>
  );
}
