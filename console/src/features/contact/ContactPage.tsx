import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Facts } from "../../components/Facts";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { QrCode } from "../../components/QrCode";
import { useText } from "../../lib/i18n";
import { siteQuery } from "../site/queries";
import { messages } from "./messages";

/** All that the operator's settings tell of how to reach them. */
export function ContactPage() {
  const t = useText(messages);
  return (
    <Page title={t("title")}>
      <Loaded query={useQuery(siteQuery)}>
        {({ operator, contact_mail: mail, links }) => (
          <Stack gap="xl">
            {operator === "" && mail === "" && links.length === 0 && <Text c="dimmed">{t("none")}</Text>}
            <Facts
              facts={[
                operator !== "" && [t("operator"), operator],
                mail !== "" && [
                  t("mail"),
                  <Anchor key="mail" href={`mailto:${mail}`}>
                    {mail}
                  </Anchor>,
                ],
              ]}
            />
            <Group gap="xl" align="flex-start">
              {links.map(({ title, url, qr }) => (
                <Stack key={url} gap="xs">
                  <Anchor href={url} target="_blank" rel="noreferrer noopener">
                    {title}
                  </Anchor>
                  {qr && <QrCode text={url} label={t("scan", { title })} size={140} />}
                </Stack>
              ))}
            </Group>
            <Stack gap="xs" align="flex-start">
              <Text c="dimmed">{t("support")}</Text>
              <LinkButton to="/dashboard/support" variant="default">
                {t("toSupport")}
              </LinkButton>
            </Stack>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
