package archive

import (
	"embed"

	"keypull/pull/settings"
)

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors and readers. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})
