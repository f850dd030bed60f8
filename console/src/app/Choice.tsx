/* A button with a list to choose from. The list is loaded when it is first wanted: menus weigh as much as a whole page. */

import { ActionIcon, type ActionIconProps } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import { lazy, Suspense, useState, type ComponentPropsWithRef } from "react";

const ChoiceMenu = lazy(() => import("./ChoiceMenu"));

export interface ChoiceProps<T extends string> {
  name: string;
  icon: Icon;
  options: readonly { value: T; label: string; lang?: string }[];
  chosen: T;
  choose: (value: T) => void;
}

export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { name, icon, options, chosen, choose } = props;
  const [isWanted, setWanted] = useState(false);
  const button = <ChoiceButton name={name} icon={icon} aria-haspopup="menu" onClick={() => setWanted(true)} />;
  if (!isWanted) return button;
  const chooseOne = (value: string) => {
    const found = options.find((option) => option.value === value);
    if (found !== undefined) choose(found.value);
  };
  return (
    <Suspense fallback={button}>
      <ChoiceMenu name={name} icon={icon} options={options} chosen={chosen} choose={chooseOne} />
    </Suspense>
  );
}

type ButtonProps = Pick<ChoiceProps<string>, "name" | "icon"> & ActionIconProps & ComponentPropsWithRef<"button">;

export function ChoiceButton({ name, icon: Picture, ...rest }: ButtonProps) {
  return (
    <ActionIcon color="gray" size="lg" aria-label={name} {...rest}>
      <Picture size={18} />
    </ActionIcon>
  );
}
