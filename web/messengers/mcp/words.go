package mcp

import (
	"embed"

	"keypull/pull/settings"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors and to those who ask. A test finds what is
// wrong with it.
var own = settings.Own(files, &Settings{})
