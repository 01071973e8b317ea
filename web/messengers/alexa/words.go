package alexa

import (
	"embed"

	"keypull/pull/settings"
	"keypull/pull/words"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors and readers. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

func noAuthorities() words.Text { return own.Text("no_authorities", nil) }
