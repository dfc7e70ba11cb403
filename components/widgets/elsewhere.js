// What every component that listens to plain keys asks first; it stands before the component's own text.
function isElsewhere(event) {        // somebody types, a shortcut is meant, or a dialog is open
  const target = event.composedPath()[0]
  const typing = target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target.tagName === "INPUT" && !/^(radio|checkbox|button|range)$/.test(target.type)))
  return typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('[role="dialog"]') !== null
}
