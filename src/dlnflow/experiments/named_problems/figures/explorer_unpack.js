const packed = Uint8Array.from(atob(document.getElementById("packed").textContent), (c) => c.charCodeAt(0))
new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text().then((text) => {
  const script = document.createElement("script")
  script.textContent = text
  document.body.append(script)
})
