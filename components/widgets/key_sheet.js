// A modal sheet. While it is open no key reaches the page; when it closes, the focus is where it was.
// data: { keys: [keys, does][] }
const sheets = new WeakMap()

function focused() {                 // through shadow roots
  let node = document.activeElement
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement
  return node
}

// Radios and buttons keep every Enter to themselves, also that of Ctrl+Enter, which a form's shortcut then never hears.
function letSubmit(event) {
  const { key, code, ctrlKey, metaKey } = event
  if (key !== "Enter" || !(ctrlKey || metaKey) || !event.target.closest?.("[data-react-aria-pressable]")) return
  event.stopImmediatePropagation()
  event.preventDefault()
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, ctrlKey, metaKey, bubbles: true, cancelable: true }))
}

export default function (component) {
  const { data, parentElement } = component
  const root = parentElement.querySelector(".keys"), dialog = root.querySelector("dialog")
  if (!sheets.has(root)) {
    const abort = new AbortController()
    sheets.set(root, abort)
    let before = null
    const open = () => {
      before = focused()
      dialog.showModal()
    }
    root.querySelector(".open").onclick = open
    root.querySelector(".close").onclick = () => dialog.close()
    dialog.onclick = event => { if (event.target === dialog) dialog.close() }    // its backdrop
    dialog.onclose = () => before?.focus({ preventScroll: true })
    dialog.onkeydown = event => {
      event.stopPropagation()
      if (event.key === "?") dialog.close()
    }
    document.addEventListener("keydown", event => {
      if (event.key !== "?" || isElsewhere(event) || dialog.open) return
      event.preventDefault()
      open()
    }, { signal: abort.signal })
    document.addEventListener("keydown", letSubmit, { signal: abort.signal, capture: true })
  }
  const rows = data.keys.flatMap(([keys, does]) => {
    const term = document.createElement("dt"), meaning = document.createElement("dd")
    term.append(...keys.split(" ").map(key => {
      const node = document.createElement(key === "…" ? "span" : "kbd")
      node.textContent = key
      return node
    }))
    meaning.textContent = does
    return [term, meaning]
  })
  root.querySelector("dl").replaceChildren(...rows)
  return () => { sheets.get(root)?.abort(); sheets.delete(root) }
}
