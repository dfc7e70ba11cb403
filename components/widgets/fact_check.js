// A row of three answers. Several rows are one list: a key answers the row that Tab went to, or the first without an answer.
// data: { key, label, draft, place, choices: [fact, words, key][], fact }; state "fact".
// What is said is kept by the keeper of the page (unsaved.js), which hears of it by an event and gives it back by another.
const rows = new Map()               // root element -> row; what all rows of the page share

const inOrder = () => [...rows.values()].sort((a, b) => a.place - b.place)
const next = () => inOrder().find(row => row.fact === null)

function mark() {                    // which row a key answers
  const due = next()
  for (const [root, row] of rows) root.classList.toggle("next", row === due)
}

function onKey(event) {
  if (isElsewhere(event)) return
  const row = inOrder().find(one => one.hasFocus()) ?? next()
  const fact = row?.choices.find(choice => choice[2] === event.key.toUpperCase())?.[0]
  if (!fact) return
  row.choose(fact)
  event.preventDefault()
}

function onRestored(event) {
  for (const row of rows.values()) if (event.detail[row.draft]) row.choose(event.detail[row.draft])
}

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const root = parentElement.querySelector(".facts")
  if (!rows.size) {
    document.addEventListener("keydown", onKey)
    document.addEventListener("concord:restored", onRestored)
  }
  let row = rows.get(root)
  if (row?.key !== data.key) rows.set(root, row = { key: data.key, fact: data.fact, pointed: false })

  const choose = (fact, focus = false) => {
    row.fact = fact
    setStateValue("fact", fact)
    document.dispatchEvent(new CustomEvent("concord:fact", { detail: { [data.draft]: fact } }))
    render()
    mark()
    if (focus) root.querySelector("[aria-checked=true]")?.focus()
  }
  Object.assign(row, {
    draft: data.draft, place: data.place, choices: data.choices, choose,
    hasFocus: () => root.contains(parentElement.activeElement) && !row.pointed })
  root.onpointerdown = () => { row.pointed = true }
  root.onkeyup = event => { if (/^(Tab|Arrow)/.test(event.key)) row.pointed = false }

  function button([fact, words, key], number) {
    const node = document.createElement("button"), hint = document.createElement("kbd")
    const chosen = row.fact === fact
    node.type = "button"
    node.textContent = words
    hint.textContent = key
    hint.setAttribute("aria-hidden", "true")
    node.append(hint)
    node.dataset.fact = fact
    node.setAttribute("role", "radio")
    node.setAttribute("aria-checked", String(chosen))
    node.setAttribute("aria-keyshortcuts", key)
    node.tabIndex = chosen || (row.fact === null && number === 0) ? 0 : -1
    node.onclick = () => choose(fact, true)
    node.onkeydown = event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
      if (!step) return
      const all = data.choices.length
      choose(data.choices[(number + step + all) % all][0], true)
      event.preventDefault()
    }
    return node
  }

  function render() {
    const focused = root.contains(parentElement.activeElement)
    const asks = document.createElement("span")
    asks.textContent = "Factually"
    root.replaceChildren(asks, ...data.choices.map(button))
    if (focused) root.querySelector("[tabindex='0']")?.focus({ preventScroll: true })
  }

  root.setAttribute("aria-label", `${data.label} is factually`)
  render()
  mark()
  return () => {
    rows.delete(root)
    if (!rows.size) {
      document.removeEventListener("keydown", onKey)
      document.removeEventListener("concord:restored", onRestored)
    }
    mark()
  }
}
