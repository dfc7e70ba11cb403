// A text area with a live word diff, for use inside a form: there setStateValue is free, so it is sent at every input.
// data: { key, label, draft, text } and what unsaved.js asks for; state "text".
const editors = new WeakMap()
const MOST_TOKENS = 1500            // beyond this square, one deletion and one insertion are shown

const tokens = text => text.match(/\s+|[\p{L}\p{N}_'’-]+|[^\s\p{L}\p{N}_]/gu) ?? []
const words = text => text.match(/[\p{L}\p{N}_'’-]+/gu)?.length ?? 0

let changesOff = recall("concord:changes") === "off"     // for all drafts, until it is switched on again

function middle(x, y) {             // longest common subsequence, as [sign, token] steps
  const width = y.length + 1, common = new Uint16Array((x.length + 1) * width)
  for (let i = x.length - 1; i >= 0; i--) for (let j = y.length - 1; j >= 0; j--)
    common[i * width + j] = x[i] === y[j] ? common[(i + 1) * width + j + 1] + 1
      : Math.max(common[(i + 1) * width + j], common[i * width + j + 1])
  const steps = []
  let i = 0, j = 0
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) { steps.push(["=", x[i++]]); j++ }
    else if (j >= y.length || (i < x.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) steps.push(["-", x[i++]])
    else steps.push(["+", y[j++]])
  }
  return steps
}

function wordDiff(before, after) {  // runs of ["=" | "-" | "+", text]
  const x = tokens(before), y = tokens(after)
  let start = 0, end = 0
  while (start < x.length && start < y.length && x[start] === y[start]) start++
  while (end < x.length - start && end < y.length - start && x[x.length - 1 - end] === y[y.length - 1 - end]) end++
  const left = x.slice(start, x.length - end), right = y.slice(start, y.length - end)
  const steps = left.length * right.length > MOST_TOKENS ** 2
    ? [["-", left.join("")], ["+", right.join("")]] : middle(left, right)
  const runs = []
  for (const [sign, text] of [["=", x.slice(0, start).join("")], ...steps, ["=", x.slice(x.length - end).join("")]]) {
    if (!text) continue
    if (runs.at(-1)?.[0] === sign) runs.at(-1)[1] += text
    else runs.push([sign, text])
  }
  return runs
}

function marked([sign, text]) {
  const node = document.createElement({ "+": "ins", "-": "del", "=": "span" }[sign])
  node.textContent = text
  return node
}

function countOf(runs) {
  const sum = sign => runs.reduce((total, run) => total + (run[0] === sign ? words(run[1]) : 0), 0)
  if (runs.every(run => run[0] === "=")) return "unchanged"
  const added = sum("+")
  return `${added} ${added === 1 ? "word" : "words"} added, ${sum("-")} removed`
}

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const root = parentElement.querySelector(".editor"), area = root.querySelector("textarea")
  let editor = editors.get(root)
  if (!editor) editors.set(root, editor = { keeper: keeperOf(root), frame: 0 })

  const paint = () => {
    cancelAnimationFrame(editor.frame)
    if (data.draft === null) return
    root.querySelector(".back").hidden = area.value === data.draft
    if (changesOff) return
    editor.frame = requestAnimationFrame(() => {
      const runs = wordDiff(data.draft, area.value)
      root.querySelector(".diff").replaceChildren(...runs.map(marked))
      root.querySelector(".count").textContent = countOf(runs)
    })
  }
  area.oninput = () => {
    setStateValue("text", area.value)
    editor.keeper.change({ text: area.value })
    paint()
  }
  area.onblur = editor.keeper.save

  root.querySelector(".back").onclick = () => {
    area.select()
    document.execCommand("insertText", false, data.draft)   // unlike an assignment, Ctrl+Z takes it back
  }

  root.querySelector("label").textContent = data.label
  const arrange = () => {
    const button = root.querySelector(".changes")
    button.hidden = data.draft === null
    button.setAttribute("aria-pressed", String(changesOff))
    root.classList.toggle("alone", data.draft === null || changesOff)
  }
  root.querySelector(".changes").onclick = () => {
    changesOff = !changesOff
    if (changesOff) keep("concord:changes", "off")
    else forget("concord:changes")
    arrange()
    paint()
  }
  arrange()
  const restore = ({ text }) => {
    area.value = text
    setStateValue("text", text)
    paint()
  }
  if (editor.keeper.begins(data, { text: data.text }, restore)) {
    area.value = data.text
    area.focus({ preventScroll: true })
  }
  paint()
  return () => { editor.keeper.end(); editors.delete(root) }
}
