/* Links to what is published beside the terms: to nothing that is not there. */

import type { AnchorProps } from "@mantine/core";
import { LinkAnchor } from "../../../components/links";
import { useText } from "../../../lib/i18n";
import { useSite } from "../../site/queries";
import { TEXT_PAGES } from "./kinds";
import { messages } from "./messages";

interface PublishedLinksProps extends AnchorProps {
  /** Where a form is being filled in, it must not be left for them. */
  target?: "_blank";
}

export function PublishedLinks(props: PublishedLinksProps) {
  const t = useText(messages);
  const published = useSite()?.texts ?? [];
  return TEXT_PAGES.filter(({ kind }) => published.includes(kind)).map(({ kind, to }) => (
    <LinkAnchor key={kind} to={to} {...props}>
      {t(kind)}
    </LinkAnchor>
  ));
}
