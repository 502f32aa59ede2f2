"""Tables of the slice: series of N planned episodes (展播, 专栏, 妇廉纪语): done and left."""
