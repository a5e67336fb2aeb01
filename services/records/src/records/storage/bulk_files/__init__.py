"""Where bulk files come from and where their reports go, in blocks: no file is ever in memory as a whole."""
