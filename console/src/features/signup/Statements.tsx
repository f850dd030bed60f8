/* What somebody says of themselves and accepts: only what is asked for is shown. */

import { Checkbox, Group, Select, Stack } from "@mantine/core";
import { LinkAnchor } from "../../components/links";
import { countries } from "../../lib/countries";
import { useLanguage, useText } from "../../lib/i18n";
import { PublishedLinks } from "../legal/published/PublishedLinks";
import { messages } from "./messages";
import type { Rules } from "./queries";

export interface Said {
  ofAge: boolean;
  accurate: boolean;
  country: string | null;
  accepted: boolean;
}

export const NOTHING_SAID: Said = { ofAge: false, accurate: false, country: null, accepted: false };

/** Statements and terms as the API takes them. */
export function saidAs(said: Said, rules: Rules) {
  return {
    statements: { of_age: said.ofAge, accurate_details: said.accurate, country: said.country },
    terms_version: said.accepted ? rules.terms_version : null,
  };
}

interface StatementsProps {
  rules: Rules;
  said: Said;
  onSay: (said: Said) => void;
}

export function Statements({ rules, said, onSay }: StatementsProps) {
  const t = useText(messages);
  const { language } = useLanguage();
  return (
    <Stack gap="sm">
      {rules.country && (
        <Select
          label={t("country")}
          required
          searchable
          data={countries(language)}
          value={said.country}
          onChange={(country) => onSay({ ...said, country })}
        />
      )}
      {rules.least_age > 0 && (
        <Checkbox
          required
          label={t("ofAge", { age: rules.least_age })}
          checked={said.ofAge}
          onChange={(event) => onSay({ ...said, ofAge: event.currentTarget.checked })}
        />
      )}
      {rules.accurate_details && (
        <Checkbox
          required
          label={t("accurate")}
          checked={said.accurate}
          onChange={(event) => onSay({ ...said, accurate: event.currentTarget.checked })}
        />
      )}
      {rules.terms_version !== null && (
        <Checkbox
          required
          label={
            <>
              {t("acceptBefore")}{" "}
              <LinkAnchor to="/terms" target="_blank" inherit underline="always">
                {t("terms", { version: rules.terms_version })}
              </LinkAnchor>
            </>
          }
          checked={said.accepted}
          onChange={(event) => onSay({ ...said, accepted: event.currentTarget.checked })}
        />
      )}
      <Group gap="md">
        <PublishedLinks target="_blank" size="sm" underline="always" />
      </Group>
    </Stack>
  );
}
