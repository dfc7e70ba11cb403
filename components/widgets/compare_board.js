// Which of two drafts is better, and how much, by click or keys.
// data: { key, ids, labels, strengths, asks_reason }, the state that it begins with and what unsaved.js asks for;
// state "choice": { value: id | "tie" | "both_bad", strength } or null; "reason".
const boards = new WeakMap()

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const root = parentElement.querySelector(".board")
  let board = boards.get(root)
  if (!board) {
    board = { keeper: keeperOf(root), choice: null, abort: new AbortController() }
    boards.set(root, board)
    document.addEventListener("keydown", event => board.onKey(event), { signal: board.abort.signal })
  }

  const [one, other] = data.ids
  const TIE = { value: "tie", strength: null }, BOTH_BAD = { value: "both_bad", strength: null }
  const side = id => data.strengths.map(strength => ({ value: id, strength }))
  const scale = [...side(one).reverse(), TIE, ...side(other)]   // from left to right, in the middle neither
  const isSame = (a, b) => a?.value === b?.value && a?.strength === b?.strength

  function said(choice) {
    if (choice.value === "tie") return "Both are equally good"
    if (choice.value === "both_bad") return "Both are bad"
    return `Draft ${data.labels[data.ids.indexOf(choice.value)]} is ${choice.strength} better`
  }

  function choose(choice) {
    board.choice = choice
    setStateValue("choice", choice)
    board.keeper.change({ choice })
    mark()
    root.querySelector(".sr").textContent = said(choice)
  }

  function walk(direction) {   // begins in the middle
    const at = scale.findIndex(step => isSame(step, board.choice))
    const next = (at < 0 ? data.strengths.length : at) + direction
    if (next >= 0 && next < scale.length) choose(scale[next])
  }

  function prefer(id) {        // the same key again: more strongly, and from the strongest back
    const at = board.choice?.value === id ? data.strengths.indexOf(board.choice.strength) : -1
    choose({ value: id, strength: data.strengths[(at + 1) % data.strengths.length] })
  }

  board.onKey = event => {
    if (isElsewhere(event) || !root.isConnected) return
    const digit = digitOf(event)
    if (event.key === "=") choose(TIE)      // before the digits: on some keyboards it is Shift with one of them
    else if (digit === "0") choose(BOTH_BAD)
    else if (digit === "1" || digit === "2") prefer(data.ids[digit - 1])
    else if (event.key === "ArrowLeft") walk(-1)
    else if (event.key === "ArrowRight") walk(1)
    else return
    event.preventDefault()
  }

  function option(choice, text, key) {
    const node = element("button", "option")
    node.type = "button"
    node.choice = choice
    node.append(element("span", "", text))
    if (key) node.append(element("kbd", "", key))
    else node.setAttribute("aria-label", said(choice))
    node.onclick = () => choose(choice)
    return node
  }

  function column(id, i) {
    const node = element("div", "column")
    const title = element("div", "title")
    title.append(element("b", "", `${data.labels[i]} is better`), element("kbd", "", String(i + 1)))
    node.append(title, ...side(id).reverse().map(choice => option(choice, choice.strength)))
    return node
  }

  function mark() {
    for (const node of root.querySelectorAll(".option")) {
      node.setAttribute("aria-pressed", String(isSame(node.choice, board.choice)))
    }
  }

  const begin = ({ choice, reason }) => {
    Object.assign(board, { choice, asked: false })
    root.querySelector(".why textarea").value = reason
  }
  const restore = state => {
    begin(state)
    for (const part of ["choice", "reason"]) setStateValue(part, state[part])
    mark()
  }
  const began = { choice: data.choice, reason: data.reason }
  if (board.keeper.begins(data, began, restore)) {
    begin(began)
    const neither = element("div", "neither")
    neither.append(option(TIE, "Equally good", "="), option(BOTH_BAD, "Both bad", "0"))
    const sides = element("div", "sides")
    sides.append(column(one, 0), column(other, 1))
    root.querySelector(".list").replaceChildren(sides, neither)
  }
  mark()
  askReason(root, board, component)
  return () => { board.keeper.end(); board.abort.abort(); boards.delete(root) }
}
