const all = cells.data
const curves = [...all.problem.keys()]

// 10^t in words; t may be far below what a float holds
const power = (t) => {
  let k = Math.floor(t), digits = (10 ** (t - k)).toFixed(2)
  if (digits === "10.00") [k, digits] = [k + 1, "1.00"]
  return k === 0 ? digits : `${digits} × 10${superscript(k)}`
}
const number = (value) => (value === 0 ? "0" : (value < 0 ? "−" : "") + power(Math.log10(Math.abs(value))))
const logarithm = (t) => (t === null ? "none" : power(t))

// The lists to choose from: each offers what there is for the choices before it.
const offer = (select, values) => {
  if (String(select.options) !== String(values)) select.options = values
  if (!values.includes(select.value)) select.value = values[0]
  select.disabled = values.length === 1
}
let family = curves
for (const [name, select] of [["problem", problem], ["trial", trial], ["method", method]]) {
  offer(select, [...new Set(family.map((i) => all[name][i]))])
  family = family.filter((i) => all[name][i] === select.value)
}
offer(depth, family.map((i) => all.depth[i]))
const chosen = family.find((i) => all.depth[i] === depth.value)
const scales = all.scale[chosen]
scale.disabled = scales.length === 1
scale.end = Math.max(scales.length - 1, 1)
if (scale.value > scales.length - 1) scale.value = Math.max(scales.length - 2, 0)
const k = scale.value

const predicted = (i, k) =>
  all.log10_constant[i] === null || all.exponent[i] === null
    ? null
    : all.log10_constant[i] + all.exponent[i] * all.log10_scale[i][k]
const scale_text = (i, k) => {
  const t = all.log10_scale[i][k]
  return Number.isInteger(t) ? (t === 0 ? "1" : `10${superscript(t)}`) : all.scale[i][k]
}
const is_sound = (i, k) => ["converged", "unresolved"].includes(all.status[i][k])
const radius = (i, k) => {
  const t = all.log10_radius[i][k]
  if (t === null) return is_sound(i, k) ? "0" : "none"
  return `${power(t)} (${all.engine[i][k] === "arb" ? "proved" : "estimated"})`
}
// the logarithm of a sum, of which a part may be 0
const log_sum = (s, t) => {
  if (s === null || t === null) return s ?? t
  const most = Math.max(s, t)
  return most + Math.log10(10 ** (s - most) + 10 ** (t - most))
}
const texts = (i, k) => ({
  scale_text: scale_text(i, k),
  error: logarithm(all.log10_error[i][k]),
  predicted: logarithm(predicted(i, k)),
  radius: radius(i, k),
  made_by: `${all.method[i]}, ${all.engine[i][k]}`,
  status: all.status[i][k],
  residual: all.residual[i][k] === null ? "none" : number(all.residual[i][k]),
  work: `${all.iterations[i][k]} step${all.iterations[i][k] === 1 ? "" : "s"}, ${all.precision_bits[i][k]} bits`,
  identity: `data ${all.instance[i]}, code ${all.code[i]}`,
})

// (a) the error
const lines = { xs: [], ys: [], predicted: [], colour: [], alpha: [], dashed_alpha: [], label: [] }
const marks = { x: [], y: [], colour: [], fill: [], alpha: [], size: [], marker: [], depth: [], place: [] }
const words = {}
for (const i of family) {
  const is_chosen = i === chosen
  lines.xs.push(all.log10_scale[i])
  lines.ys.push(all.log10_error[i].map((t, k) => (all.status[i][k] === "converged" ? t : null) ?? NaN))
  lines.predicted.push(all.log10_scale[i].map((_, k) => predicted(i, k) ?? NaN))
  lines.colour.push(all.colour[i])
  lines.alpha.push(is_chosen ? 0.55 : 0.3)
  lines.dashed_alpha.push(is_chosen ? 1 : 0.6)
  lines.label.push(`L = ${all.depth[i]}`)
  for (const [k, error] of all.log10_error[i].entries()) {
    const is_resolved = all.status[i][k] === "converged", is_bound = all.status[i][k] === "unresolved"
    const t = is_bound ? log_sum(error, all.log10_radius[i][k]) : error
    if (t === null) continue
    marks.x.push(all.log10_scale[i][k])
    marks.y.push(t)
    marks.colour.push(all.colour[i])
    marks.fill.push(is_resolved ? all.colour[i] : "white")
    marks.alpha.push(is_chosen ? 1 : 0.5)
    marks.size.push(is_resolved ? (is_chosen ? 5 : 3) : 8)
    marks.marker.push(is_resolved ? all.marker[i] : is_bound ? "inverted_triangle" : "x")
    marks.depth.push(all.depth[i])
    marks.place.push(k)
    for (const [name, text] of Object.entries(texts(i, k))) (words[name] ??= []).push(text)
  }
}
measured.data = lines
points.data = { ...marks, ...words }
radii.data = { x: all.log10_scale[chosen], y: all.log10_radius[chosen].map((t) => t ?? NaN) }
const at = all.log10_scale[chosen][k], error = all.log10_error[chosen][k]
ring.data = error === null ? { x: [], y: [] } : { x: [at], y: [error] }
upright.location = at

// (b) the minimiser and (c) the certificate
const x = all.x[chosen][k], best = all.selected[chosen], z = all.certificate[chosen][k]
const places = (best ?? []).map((_, j) => j + 1)
bars.data = x === null || best === null
  ? { place: [], left: [], right: [], limit: [], best: [], limit_text: [], best_text: [], off: [] }
  : {
      place: places,
      left: places.map((j) => j - 0.2),
      right: places.map((j) => j + 0.2),
      limit: x,
      best: best,
      limit_text: x.map(number),
      best_text: best.map(number),
      off: x.map((value, j) => number(value - best[j])),
    }
stems.data = z === null
  ? { place: [], z: [], kind: [], fill: [], marker: [], text: [], foot: [] }
  : {
      place: places,
      z: z,
      foot: places.map(() => 0),
      fill: best.map((value) => (value === 0 ? "white" : all.colour[chosen])),
      marker: best.map((value) => (value === 0 ? "circle" : "square")),
      kind: best.map((value) => (value === 0 ? "off the support" : "on the support")),
      text: z.map((value) => value.toFixed(6)),
    }
limit_bars.glyph.fill_color = all.colour[chosen]
stem_lines.glyph.line_color = all.colour[chosen]
stem_marks.glyph.line_color = all.colour[chosen]
const show = (range, start, end) => range.setv({ start, end, reset_start: start, reset_end: end })
show(coordinates, 0.5, all.features[chosen] + 0.5)
const heights = [0, ...(x ?? []), ...(best ?? [])]
const top = Math.max(...heights), bottom = Math.min(...heights), room = 0.05 * (top - bottom || 1)
show(bar_range, bottom < 0 ? bottom - room : 0, top + room)
show(certificate_range, 1.08 * Math.min(-1, ...(z ?? [])), 1.08 * Math.max(1, ...(z ?? [])))
const large = best === null ? `not shown: n = ${all.features[chosen]}` : null
const missing = large ?? (x === null ? (is_sound(chosen, k) ? "not kept at this scale" : "no answer") : null)
const undefined_there = depth.value === "2" && at === 0 ? "not defined at ε = 1" : z === null ? "none" : null
bars_title.text = `(b) Minimiser: ${missing ?? "its coordinates"}`
stems_title.text =
  `(c) Certificate Aᵀν${depth.value === "2" ? " / log(1/ε)" : ""}: ${missing ?? undefined_there ?? "its coordinates"}`

// the chosen cell
scale.title = `Scale ε = ${scale_text(chosen, k)}`
const said = texts(chosen, k), expected = predicted(chosen, k)
const off = expected === null || error === null ? null : error - expected
const rows = [
  ["problem", `${problem.value}, instance ${trial.value}`],
  ["depth, scale", `L = ${depth.value}, ε = ${said.scale_text}`],
  ["error ‖x − x°‖", said.error],
  ["predicted C εᵉ", said.predicted],
  ["error / predicted", off === null ? "none" : Math.abs(off) < 3 ? (10 ** off).toPrecision(6) : power(off)],
  ["radius", said.radius],
  ["residual ‖Ax − y‖", said.residual],
  ["status", said.status],
  ["method, arithmetic", said.made_by],
  ["work", said.work],
  ["data, code", `${all.instance[chosen]}, ${all.code[chosen]}`],
]
panel.text = "<table>" + rows.map(([name, text]) => `<tr><th>${name}</th><td>${text}</td></tr>`).join("") + "</table>"
