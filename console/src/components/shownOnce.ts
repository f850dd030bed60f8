/* What is shown once (a secret, codes) stays until its own button is pressed: no Escape, no stray click takes it away. */

const MARK = "data-shown-once";

/** For the dialog that shows it; before it is there, the dialog can be left as any other, but not by a stray click. */
export function shownOnce(isThere = true) {
  return {
    closeOnClickOutside: false,
    closeOnEscape: !isThere,
    withCloseButton: !isThere,
    ...(isThere ? { [MARK]: true } : {}),
  };
}

/** For whatever lies below: Escape is heard by everything that is open, and closing the lower one would end the upper. */
export function isShowingOnce(): boolean {
  return document.querySelector(`[${MARK}]`) !== null;
}
