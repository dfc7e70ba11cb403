// What the boards share; it stands before the text of each.
// Only textContent is ever written: a component has the page's full privileges.

function element(tag, className, text) {
  const node = document.createElement(tag)
  node.className = className
  if (text) node.textContent = text
  return node
}

const digitOf = event => /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1]

function askReason(root, board, component) {       // asked once more, it takes the focus
  const why = root.querySelector(".why"), area = why.querySelector("textarea"), asks = component.data.asks_reason
  why.hidden = !asks
  area.oninput = () => {
    component.setStateValue("reason", area.value)
    board.keeper.change({ reason: area.value })
  }
  if (asks && !board.asked) area.focus()
  board.asked = asks
}
