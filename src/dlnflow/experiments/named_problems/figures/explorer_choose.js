// a mark of the error's axes that is clicked becomes the cell that is shown
if (cb_obj.indices.length > 0) {
  const k = cb_obj.indices[0]
  depth.value = points.data.depth[k]
  scale.value = points.data.place[k]
  cb_obj.indices = []
}
