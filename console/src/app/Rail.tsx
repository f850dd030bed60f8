/* The rail: groups of links, the one that is open marked. */

import { NavLink, Text } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import { Link, useLocation, type LinkProps } from "@tanstack/react-router";

export interface RailItem {
  to: LinkProps["to"];
  label: string;
  icon: Icon;
  /** Only this very page, not those below it. */
  exact?: boolean;
}

export interface RailGroup {
  label?: string;
  items: readonly RailItem[];
}

export function Rail({ groups, onGo }: { groups: readonly RailGroup[]; onGo: () => void }) {
  const here = useLocation({ select: (location) => location.pathname });
  return groups.map((group) => (
    <div key={group.label ?? "last"}>
      {group.label !== undefined && (
        <Text component="h2" className="rail-group">
          {group.label}
        </Text>
      )}
      {group.items.map(({ to, label, icon: Picture, exact }) => {
        const isOpen = exact === true ? here === to : here === to || here.startsWith(`${to}/`);
        return (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={label}
            active={isOpen}
            activeOptions={{ exact: exact === true }}
            aria-current={isOpen ? "page" : undefined}
            leftSection={<Picture size={18} stroke={1.6} aria-hidden />}
            className="rail-link"
            onClick={onGo}
          />
        );
      })}
    </div>
  ));
}
