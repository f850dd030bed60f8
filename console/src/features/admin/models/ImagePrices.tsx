/* The price of one image by size and quality; empty is any. */

import { Group, Stack, Text, TextInput } from "@mantine/core";
import { useText } from "../../../lib/i18n";
import { AddButton, RemoveButton } from "./ListButtons";
import { messages } from "./messages";
import { PriceField } from "./PriceField";
import { withMember, type ImagePrice } from "./rates";

interface ImagePricesProps {
  images: readonly ImagePrice[];
  onChange: (images: ImagePrice[]) => void;
}

export function ImagePrices({ images, onChange }: ImagePricesProps) {
  const t = useText(messages);
  const change = (at: number, part: Partial<ImagePrice>) => {
    const image = images[at];
    if (image !== undefined) onChange(withMember(images, at, { ...image, ...part }));
  };
  return (
    <Stack gap="sm">
      <Text c="dimmed" size="sm">
        {t("imagesWhat")}
      </Text>
      {images.map((image, at) => (
        <Group key={at} align="flex-end" gap="xs" wrap="nowrap">
          {(["size", "quality"] as const).map((name) => (
            <TextInput
              key={name}
              label={t(name)}
              placeholder={t("anySize")}
              maxLength={40}
              value={image[name]}
              onChange={(event) => change(at, { [name]: event.currentTarget.value.trim() })}
            />
          ))}
          <PriceField label={t("imagePrice")} required value={image.price} onChange={(price) => change(at, { price })} />
          <RemoveButton label={t("removeImage")} onClick={() => onChange(withMember(images, at, null))} />
        </Group>
      ))}
      <AddButton onClick={() => onChange([...images, { size: "", quality: "", price: "" }])}>{t("addImage")}</AddButton>
    </Stack>
  );
}
