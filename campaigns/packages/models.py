"""Tables of the slice: packages (六个一, 七个一, any N): named items, each computed from what fulfils it."""
