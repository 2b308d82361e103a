/** As the `ref` of what takes the focus when it appears, such as where a dialog goes on with another step. */
export function focusFirst(element: HTMLElement | null) {
  element?.focus();
}

/** A dialog has given the focus back by then, in milliseconds: it does so a moment after it was closed. */
const GIVEN_BACK_BY_MS = 50;

/**
 * Takes the focus to the page if it is nowhere: what a dialog would have given it back to went with what was deleted.
 * For the end of a dialog.
 */
export function focusPageIfLost() {
  // The dialog itself may hold the focus until it is gone; where nothing moves, this is called as soon as it closes.
  setTimeout(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body)
      document.getElementById("content")?.focus();
  }, GIVEN_BACK_BY_MS);
}
