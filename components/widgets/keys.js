// What the boards share; it stands before the text of each.
// Only textContent is ever written: a component has the page's full privileges.

function isElsewhere(event) {      // somebody types, a shortcut is meant, or a dialog is open
  const target = event.composedPath()[0]
  const typing = target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target.tagName === "INPUT" && !/^(radio|checkbox|button|range)$/.test(target.type)))
  return typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('[role="dialog"]') !== null
}

function element(tag, className, text) {
  const node = document.createElement(tag)
  node.className = className
  if (text) node.textContent = text
  return node
}

const digitOf = event => /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1]
