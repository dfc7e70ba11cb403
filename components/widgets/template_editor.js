// A text area for templates: numbered lines, Jinja in colour, the line that is wrong marked.
// data: { key, slot, left, label, text, is_new, line, pause_ms }; state "text".
// The text reaches the page after a short pause and when the focus leaves; until it is saved as a version, the browser keeps it.
const editors = new WeakMap()
const FRONT = /^---$/, ROLE = /^(system|user|assistant):[ \t]*$/
const JINJA = /(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})/

// Storage may be full or forbidden: the editor works without it.
const keep = (slot, text, base) => { try { localStorage.setItem(slot, JSON.stringify({ text, base })) } catch { /* not kept, then */ } }
const forget = slot => { try { localStorage.removeItem(slot) } catch { /* nothing is kept, then */ } }
const recall = slot => { try { return JSON.parse(localStorage.getItem(slot)) } catch { return null } }

function span(text, name) {
  const node = document.createElement("span")
  node.textContent = text
  if (name) node.className = name
  return node
}

function lines(text) {              // one element for each line; only textContent, for a template is anybody's text
  let front = false, closed = false
  return text.split("\n").map((line, number) => {
    const row = document.createElement("div")
    if (FRONT.test(line) && (number === 0 || (front && !closed))) {
      closed = front
      front = true
      row.append(span(line, "front"))
    } else if (front && !closed) row.append(span(line, "front"))
    else if (ROLE.test(line)) row.append(span(line, "role"))
    else row.append(...line.split(JINJA).map((part, place) => span(part, place % 2 ? "jinja" : "")))
    if (!line) row.append(document.createElement("br"))
    return row
  })
}

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const root = parentElement.querySelector(".template"), area = root.querySelector("textarea")
  const sheet = root.querySelector(".sheet"), bar = root.querySelector(".bar")
  let editor = editors.get(root)
  if (!editor) editors.set(root, editor = { key: null, timer: 0, sent: null })

  const state = () => area.value === data.text ? (data.is_new ? "Not saved yet" : "As saved") : "Changed, kept in this browser"
  const paint = () => {
    sheet.replaceChildren(...lines(area.value))
    if (data.line && editor.sent === area.value) sheet.children[data.line - 1]?.classList.add("wrong")
    root.querySelector(".state").textContent = state()
    root.querySelector(".back").hidden = area.value === data.text
  }
  const send = () => {
    clearTimeout(editor.timer)
    if (editor.sent === area.value) return
    editor.sent = area.value
    setStateValue("text", area.value)
  }
  const changed = () => {
    if (area.value === data.text && !data.is_new) forget(data.slot)
    else keep(data.slot, area.value, data.key)
    paint()
    clearTimeout(editor.timer)
    editor.timer = setTimeout(send, data.pause_ms)
  }
  const replace = text => { area.focus(); area.select(); document.execCommand("insertText", false, text) }  // Ctrl+Z takes it back

  area.oninput = changed
  area.onblur = send
  root.querySelector(".back").onclick = () => replace(data.text)
  root.querySelector("label").textContent = data.label

  if (editor.key !== data.key) {
    editor.key = data.key
    if (data.left) forget(data.left)
    const kept = recall(data.slot)
    const mine = kept !== null && kept.text !== data.text
    area.value = mine && kept.base === data.key ? kept.text : data.text
    editor.sent = data.text
    if (!mine) data.is_new ? keep(data.slot, data.text, data.key) : forget(data.slot)
    bar.hidden = !mine || kept.base === data.key
    bar.querySelector("button").onclick = () => { bar.hidden = true; replace(kept.text) }
    send()
  }
  paint()
  return () => { send(); editors.delete(root) }
}
