return Number.isInteger(tick) ? (tick === 0 ? '1' : `10${superscript(tick)}`) : ''
