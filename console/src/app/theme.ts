/* Neutral greys, one accent, semantic colours for state only; every text colour reaches AA on its ground. */

import {
  createTheme,
  rem,
  type ActionIconProps,
  type AlertProps,
  type BadgeProps,
  type CheckboxProps,
  type CSSVariablesResolver,
  type DrawerProps,
  type MantineColorsTuple,
  type ModalProps,
  type PaperProps,
  type TableProps,
  type TooltipProps,
} from "@mantine/core";

/** A deep teal. In the operator's area, operator.css lets the indigo below stand for it. */
const accent: MantineColorsTuple = [
  "#ecf7f5",
  "#d3ece8",
  "#a5d9d1",
  "#73c3b8",
  "#4aaea1",
  "#229184",
  "#0f766e",
  "#0c655e",
  "#09514c",
  "#063d39",
];
const indigo: MantineColorsTuple = [
  "#eef0fb",
  "#dadef5",
  "#b3bbea",
  "#8b97df",
  "#6b79d5",
  "#5664c9",
  "#4653b4",
  "#3a4597",
  "#2f387b",
  "#242c61",
];
const gray: MantineColorsTuple = [
  "#fafafa",
  "#f4f4f5",
  "#e8e8ea",
  "#dcdce0",
  "#c6c6cc",
  "#9c9ca5",
  "#63636d",
  "#4d4d56",
  "#3a3a41",
  "#242429",
];
const dark: MantineColorsTuple = [
  "#e6e6e9",
  "#bcbcc4",
  "#a3a3ad",
  "#73737d",
  "#43434b",
  "#37373e",
  "#2a2a30",
  "#19191c",
  "#131316",
  "#0d0d0f",
];
const red: MantineColorsTuple = [
  "#fdf0ef",
  "#f9dcd9",
  "#f2b5b0",
  "#ec8d86",
  "#e66c63",
  "#d64a40",
  "#a9221b",
  "#921d16",
  "#7e1913",
  "#62130e",
];
const yellow: MantineColorsTuple = [
  "#fdf6e7",
  "#f8e8c4",
  "#f0d08a",
  "#e6b64f",
  "#d99d22",
  "#b27d0e",
  "#7c5506",
  "#6a4805",
  "#5d3f04",
  "#473003",
];
const green: MantineColorsTuple = [
  "#edf8ef",
  "#d5eeda",
  "#a9dcb3",
  "#7ac98a",
  "#52b667",
  "#329148",
  "#186a2d",
  "#145826",
  "#10491f",
  "#0d3d1b",
];
const blue: MantineColorsTuple = [
  "#edf3fc",
  "#d6e4f8",
  "#aac7f0",
  "#7da9e8",
  "#5790e1",
  "#3674cf",
  "#2459a8",
  "#1e4b8e",
  "#183c72",
  "#122e57",
];

/** What a component is given unless it is told otherwise. Its own `extend` would bring it into the first load. */
function usually<Props>(defaultProps: Partial<Props>): { defaultProps: Partial<Props> } {
  return { defaultProps };
}

export const theme = createTheme({
  respectReducedMotion: true,
  primaryColor: "accent",
  colors: { accent, indigo, gray, dark, red, yellow, green, blue },
  primaryShade: { light: 6, dark: 6 },
  defaultRadius: "md",
  radius: { xs: rem(3), sm: rem(5), md: rem(8), lg: rem(12), xl: rem(24) },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: rem(12), sm: rem(14), md: rem(14), lg: rem(16), xl: rem(20) },
  headings: {
    fontWeight: "600",
    textWrap: "balance",
    sizes: {
      h1: { fontSize: rem(24), lineHeight: "1.25" },
      h2: { fontSize: rem(18), lineHeight: "1.35" },
      h3: { fontSize: rem(15), lineHeight: "1.4" },
      h4: { fontSize: rem(15), lineHeight: "1.4" },
    },
  },
  components: {
    ActionIcon: usually<ActionIconProps>({ variant: "subtle" }),
    Alert: usually<AlertProps>({ variant: "light" }),
    Badge: usually<BadgeProps>({ variant: "light", radius: "sm", tt: "none", fw: 500 }),
    // As round as a field, it would be taken for a choice between several.
    Checkbox: usually<CheckboxProps>({ radius: "xs" }),
    Drawer: usually<DrawerProps>({ padding: "lg", overlayProps: { backgroundOpacity: 0.25 } }),
    Modal: usually<ModalProps>({ centered: true, padding: "lg", overlayProps: { backgroundOpacity: 0.35 } }),
    // The paper that dialogs are made of brings no room of its own.
    DrawerContent: usually({ p: 0 }),
    ModalContent: usually({ p: 0 }),
    // The header of a dialog is no landmark of the page.
    DrawerHeader: usually({ role: "presentation" }),
    ModalHeader: usually({ role: "presentation" }),
    Paper: usually<PaperProps>({ withBorder: true, shadow: "none", p: "md" }),
    Table: usually<TableProps>({ verticalSpacing: 0, horizontalSpacing: "sm" }),
    Tooltip: usually<TooltipProps>({ events: { hover: true, focus: true, touch: true } }),
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": gray[6],
    "--mantine-color-placeholder": gray[6],
    "--mantine-color-error": red[6],
    "--mantine-color-red-text": red[6],
    "--mantine-color-anchor": "var(--mantine-primary-color-7)",
  },
  dark: {
    "--mantine-color-body": dark[7],
    "--mantine-color-dimmed": dark[2],
    "--mantine-color-placeholder": dark[2],
    "--mantine-color-error": red[3],
    "--mantine-color-red-text": red[3],
    "--mantine-color-anchor": "var(--mantine-primary-color-3)",
  },
});
