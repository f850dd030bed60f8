import { Select, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Body } from "../../../api/types";
import { LANGUAGE_NAMES, LANGUAGES, useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages } from "./messages";

type Filed = Body<"/admin/support">;

const FIELDS = ["email", "subject", "payment_method", "payment_reference", "amount"] as const;
const NEEDED: readonly string[] = ["email", "subject"];

/** Puts what somebody wrote by mail into the queue, in their name. */
export function FileRequest({ onClose }: { onClose: () => void }) {
  const t = useText(messages);
  const navigate = useNavigate();
  const [filed, setFiled] = useState<Filed>({
    email: "",
    subject: "",
    message: "",
    payment_method: "",
    payment_reference: "",
    amount: "",
    language: "en",
  });
  const change = (part: Partial<Filed>) => setFiled((now) => ({ ...now, ...part }));
  return (
    <Deed
      title={t("file")}
      action={t("file")}
      what={t("fileWhat")}
      run={(_, header) => ask(api.POST("/admin/support", { params: { header }, body: filed }))}
      onDone={(thread) => void navigate({ to: "/admin/support", search: { item: thread.id } })}
      onClose={onClose}
    >
      {FIELDS.map((name) => (
        <TextInput
          key={name}
          label={t(`field_${name}`)}
          type={name === "email" ? "email" : "text"}
          required={NEEDED.includes(name)}
          maxLength={200}
          value={filed[name]}
          onChange={(event) => change({ [name]: event.currentTarget.value })}
        />
      ))}
      <Select
        label={t("language")}
        data={LANGUAGES.map((each) => ({ value: each, label: LANGUAGE_NAMES[each] }))}
        allowDeselect={false}
        value={filed.language}
        onChange={(chosen) => change({ language: LANGUAGES.find((each) => each === chosen) ?? "en" })}
      />
      <Textarea
        label={t("message")}
        required
        maxLength={10_000}
        autosize
        minRows={3}
        value={filed.message}
        onChange={(event) => change({ message: event.currentTarget.value })}
      />
    </Deed>
  );
}
