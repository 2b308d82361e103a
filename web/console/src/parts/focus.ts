/** As the `ref` of what takes the focus when it appears, such as where a dialog goes on with another step. */
export function focusFirst(element: HTMLElement | null) {
  element?.focus();
}
