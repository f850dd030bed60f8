/* Where a question is written. Enter sends, Shift-Enter makes a line; pictures are pasted or picked. */

import { ActionIcon, Button, CloseButton, FileButton, Group, Image, Stack, Textarea, Tooltip } from "@mantine/core";
import { IconPhotoPlus, IconPlayerStop, IconSend } from "@tabler/icons-react";
import { useState, type ClipboardEvent, type KeyboardEvent } from "react";
import { useText } from "../../lib/i18n";
import type { Question } from "./conversation";
import { messages } from "./messages";

interface ComposerProps {
  initial?: Question;
  isBusy: boolean;
  onSend: (question: Question) => void;
  onStop: () => void;
  /** Gives up the editing of an earlier question. */
  onCancel?: () => void;
}

export function Composer({ initial, isBusy, onSend, onStop, onCancel }: ComposerProps) {
  const t = useText(messages);
  const [text, setText] = useState(initial?.text ?? "");
  const [images, setImages] = useState<readonly string[]>(initial?.images ?? []);
  const send = () => {
    if (isBusy || (text.trim() === "" && images.length === 0)) return;
    onSend({ text, images });
    setText("");
    setImages([]);
  };
  const add = async (files: readonly File[]) => {
    const read = await Promise.all(files.map(dataUrl));
    setImages((now) => [...now, ...read]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While a word is composed (Chinese, Japanese), Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    const pictures = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (pictures.length > 0) void add(pictures);
  };
  return (
    <Stack gap={4} className="composer-field">
      {images.length > 0 && (
        <Group gap="xs">
          {images.map((image, index) => (
            <Group key={index} gap={2} align="flex-start">
              <Image src={image} alt={t("picture", { number: index + 1 })} h={56} w="auto" radius="sm" />
              <CloseButton
                size="sm"
                aria-label={t("removePicture", { number: index + 1 })}
                onClick={() => setImages(images.filter((_, other) => other !== index))}
              />
            </Group>
          ))}
        </Group>
      )}
      <Textarea
        variant="unstyled"
        aria-label={t("question")}
        placeholder={t("question")}
        autosize
        minRows={1}
        maxRows={10}
        px={4}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        autoFocus={onCancel !== undefined}
      />
      <Group gap="xs" justify="flex-end">
        <FileButton accept="image/*" multiple onChange={(files) => void add(files)}>
          {(button) => (
            <Tooltip label={t("attach")}>
              <ActionIcon {...button} size={36} mr="auto" color="gray" aria-label={t("attach")}>
                <IconPhotoPlus size={20} />
              </ActionIcon>
            </Tooltip>
          )}
        </FileButton>
        {onCancel !== undefined && (
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
        )}
        {isBusy ? (
          <Button color="red" variant="light" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={onStop}>
            {t("stop")}
          </Button>
        ) : (
          <Button leftSection={<IconSend size={16} aria-hidden />} onClick={send}>
            {t("send")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function dataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(new Error(`cannot read ${file.name}`));
    reader.readAsDataURL(file);
  });
}
