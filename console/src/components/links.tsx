/* Buttons and anchors that lead to a page: their addresses are checked against the route tree. */

import { Anchor, Button, type AnchorProps, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import { forwardRef } from "react";

const PlainAnchor = forwardRef<HTMLAnchorElement, Omit<AnchorProps, "href">>(function PlainAnchor(props, ref) {
  return <Anchor ref={ref} {...props} />;
});

const PlainButton = forwardRef<HTMLAnchorElement, ButtonProps>(function PlainButton(props, ref) {
  return <Button component="a" ref={ref} {...props} />;
});

export const LinkAnchor = createLink(PlainAnchor);
export const LinkButton = createLink(PlainButton);
