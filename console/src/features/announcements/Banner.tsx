/* Above public pages and the customer's: what is announced as a banner, and the largest discount that runs. */

import { Alert, Stack, Text } from "@mantine/core";
import { IconDiscount, IconSpeakerphone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { LinkAnchor } from "../../components/links";
import { Time } from "../../components/Time";
import { useLanguage, useText } from "../../lib/i18n";
import { offersQuery } from "../models/queries";
import { messages } from "./messages";
import { announcementsQuery } from "./queries";

export function Banner() {
  const t = useText(messages);
  const { language } = useLanguage();
  const announced = useQuery(announcementsQuery(language)).data?.data.find((each) => each.is_banner);
  const offer = useQuery(offersQuery).data?.data[0];
  if (announced === undefined && offer === undefined) return null;
  return (
    <Stack gap="sm" mb="xl">
      {announced !== undefined && (
        <Alert icon={<IconSpeakerphone aria-hidden />}>
          <LinkAnchor to="/announcements">{announced.title}</LinkAnchor>
        </Alert>
      )}
      {offer !== undefined && (
        <Alert icon={<IconDiscount aria-hidden />}>
          <Text span>{t("offer", { name: offer.name, percent: offer.off_percent })}</Text>
          {offer.ends_at !== null && (
            <Text span c="dimmed" ml="sm" className="nowrap">
              {t("until")} <Time value={offer.ends_at} />
            </Text>
          )}
        </Alert>
      )}
    </Stack>
  );
}
