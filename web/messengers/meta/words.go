package meta

import (
	"embed"

	"keypull/pull/settings"
)

//go:embed words
var files embed.FS

// own is what is said to editors. A test finds what is wrong with it.
var own = settings.Own(files, &AppSettings{})
